# Whoever neither acts nor agrees may be added at once: nobody gains power over systems or over other people's requests.
package gatehouse.gate

# METADATA
# title: An admin adds those who only work
# description: an admin may add principals who look and work; it is recorded
# custom:
#   id: principal.admin
#   remedy: to have admins ask as well, add an ask of your own for gate.principal.add
allow contains says(rego.metadata.rule()) if {
	input.effect == "change"
	adds_worker
}

# METADATA
# title: an admin adds a principal with no other roles than viewer and developer
adds_worker if {
	input.action.tool == "gate.principal.add"
	is_admin
	every role in input.action.arguments.roles { role in {"viewer", "developer"} }
}
