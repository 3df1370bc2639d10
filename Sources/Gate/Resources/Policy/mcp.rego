# MCP servers behind the gate: who may agree to what they offer, and authorize the gateway at them.
package gatehouse.gate

# METADATA
# title: An admin agrees to tools in person
# description: an admin may agree to tools of MCP servers, and take them off; it is recorded
# custom:
#   id: mcp.admin
#   remedy: to have admins ask as well, add an ask of your own for mcp.pin
allow contains says(rego.metadata.rule()) if {
	input.effect == "change"
	pins_tools
}

# METADATA
# title: an admin, in person, agrees to tools of MCP servers or takes them off
pins_tools if {
	input.action.tool in {"mcp.pin", "mcp.unpin"}
	is_admin
	is_person
}

# METADATA
# title: People authorize the gateway for themselves
# description: a person who works here may authorize the gateway at an MCP server for themselves; it is recorded
# custom:
#   id: mcp.authorize.own
#   remedy: to keep a server from being used so, add a deny of your own for mcp.authorize and its target
allow contains says(rego.metadata.rule()) if {
	input.effect == "change"
	authorizes_gateway
	works_here
	input.action.arguments.user == input.principal.id
}

# METADATA
# title: Who acts here authorizes the gateway for agents
# description: who acts here may authorize the gateway at an MCP server for an agent or service, in person; it is recorded
# custom:
#   id: mcp.authorize.other
#   remedy: let an operator, a security_lead or an admin do it
allow contains says(rego.metadata.rule()) if {
	input.effect == "change"
	authorizes_gateway
	acts_here
	input.action.arguments.user != input.principal.id
}

# METADATA
# title: a person authorizes the gateway at an MCP server
authorizes_gateway if {
	input.action.tool == "mcp.authorize"
	is_person
}
