# What each effect takes where nothing more special is said: least privilege, and four eyes on what alters something.
package gatehouse.gate

# METADATA
# title: Reading is open to those who work here
# description: reading and assessing are open to those who work here
# custom:
#   id: read.work
#   remedy: to keep something from being read, add a deny of your own
allow contains says(rego.metadata.rule()) if {
	input.effect == "read"
	works_here
}

# METADATA
# title: A viewer reads
# description: a viewer may read
# custom:
#   id: read.viewer
#   remedy: to keep something from being read, add a deny of your own
allow contains says(rego.metadata.rule()) if {
	input.effect == "read"
	is_viewer
}

# METADATA
# title: Assessing is work
# description: assessing needs the role developer or a greater one
# custom:
#   id: assess.deny
#   remedy: give the principal the role developer
deny contains says(rego.metadata.rule()) if {
	input.action.tool in {"scan.assess", "scan.fix", "scan.threats"}
	not works_here
}

# METADATA
# title: An admin sees secrets
# description: an admin may see secrets; it is recorded
# custom:
#   id: reveal.admin
#   remedy: to have admins ask as well, add an ask of your own for the effect reveal
allow contains says(rego.metadata.rule()) if {
	input.effect == "reveal"
	not gives_out_key
	is_admin
}

# METADATA
# title: To see a secret asks
# description: to see a secret needs somebody who agrees
# custom:
#   id: reveal.ask
#   remedy: to let a routine through, add an allow of your own that names its tool, target and roles
ask contains asks(rego.metadata.rule(), approving_roles, 1) if {
	input.effect == "reveal"
	not gives_out_key
	not is_admin
	works_here
}

# METADATA
# title: A change asks
# description: a change needs somebody who agrees
# custom:
#   id: change.ask
#   remedy: to let a routine through, add an allow of your own that names its tool, target and roles
ask contains asks(rego.metadata.rule(), approvers, 1) if {
	input.effect == "change"
	not is_emergency
	not puts_policy
	not pins_tools
	not authorizes_gateway
	not adds_worker
	not triages_finding
	not asks_people
	not starts_run
	not stops_run
	acts_here
}

# METADATA
# title: A destroy asks two
# description: what cannot be undone needs two people who agree
# custom:
#   id: destroy.ask
#   remedy: outside production one person suffices, once policy.environments in the configuration names the target
ask contains asks(rego.metadata.rule(), approvers, 2) if {
	input.effect == "destroy"
	takes_two
	acts_here
}

# METADATA
# title: Outside production a destroy asks one
# description: what cannot be undone needs somebody who agrees
# custom:
#   id: destroy.ask.one
#   remedy: to have two asked as in production, take the target out of policy.environments in the configuration
ask contains asks(rego.metadata.rule(), approvers, 1) if {
	input.effect == "destroy"
	not takes_two
	acts_here
}

# METADATA
# title: it is in production, or an incident is under way
takes_two if in_production

takes_two if in_incident
