# A key lets its holder act in a principal's name, and whoever gives it out sees it.
package gatehouse.gate

# METADATA
# title: An admin gives out keys
# description: an admin gives out keys; it is recorded
# custom:
#   id: key.admin
#   remedy: to have admins ask as well, add an ask of your own for gate.key.create
allow contains says(rego.metadata.rule()) if {
	input.action.tool == "gate.key.create"
	is_admin
}

# METADATA
# title: A key asks
# description: a key needs somebody who agrees
# custom:
#   id: key.ask
#   remedy: to let it through, add an allow of your own for gate.key.create that names the roles
ask contains asks(rego.metadata.rule(), approving_roles, 1) if {
	input.action.tool == "gate.key.create"
	not is_admin
	acts_here
}

# METADATA
# title: Keys are given out by those who act
# description: keys are given out by operators and admins
# custom:
#   id: key.deny
#   remedy: let an operator, a security_lead or an admin do it
deny contains says(rego.metadata.rule()) if {
	input.action.tool == "gate.key.create"
	not acts_here
}

# METADATA
# title: a key is given out, which has rules of its own
gives_out_key if input.action.tool == "gate.key.create"
