# What the roles stand for: viewer looks; developer works here and may ask to see secrets; operator acts on systems;
# security_lead and admin act, too, and agree to what others ask for. Other roles grant nothing here: rules of your own
# give them a meaning.
package gatehouse.gate

working_roles := {"developer", "operator", "security_lead", "admin"}

acting_roles := {"operator", "security_lead", "admin"}

approving_roles := {"security_lead", "admin"}

# METADATA
# title: the principal is a viewer
# custom:
#   remedy: give the principal the role viewer, where its roles come from (local_users, issuers or gate.principal.add)
is_viewer if "viewer" in input.principal.roles

# METADATA
# title: the principal works here, as developer, operator, security_lead or admin
# custom:
#   remedy: give the principal the role developer, where its roles come from (local_users, issuers or gate.principal.add)
works_here if {
	some role in input.principal.roles
	role in working_roles
}

# METADATA
# title: the principal acts on systems, as operator, security_lead or admin
# custom:
#   remedy: give the principal the role operator, where its roles come from (local_users, issuers or gate.principal.add)
acts_here if {
	some role in input.principal.roles
	role in acting_roles
}

# METADATA
# title: the principal agrees to what others ask for, as security_lead or admin
# custom:
#   remedy: let a security_lead or an admin do it
approves_here if {
	some role in input.principal.roles
	role in approving_roles
}

# METADATA
# title: the principal is an admin
# custom:
#   remedy: let an admin do it
is_admin if "admin" in input.principal.roles

# METADATA
# title: the principal is a person
# custom:
#   remedy: let a person do it instead of an agent, a service or a pipeline
is_person if input.principal.kind == "person"
