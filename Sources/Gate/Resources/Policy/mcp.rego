# Tools of MCP servers behind the gate: who may agree to their definitions.
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
