package gatehouse.gate_test

pinning := ["mcp.pin", "mcp.unpin"]

test_an_admin_agrees_to_tools_in_person if {
	every tool in pinning { allowed(request("change", ["admin"], with_tool(tool)), "mcp.admin") }
}

test_an_agent_does_not_agree_to_tools_by_itself if {
	every tool in pinning {
		as_agent := object.union(with_tool(tool), {"principal": {"kind": "agent"}})
		asked(request("change", ["admin"], as_agent), "change.ask", 1, approvers)
	}
}

test_others_who_act_ask_to_agree_to_tools if {
	every tool in pinning { asked(request("change", ["operator"], with_tool(tool)), "change.ask", 1, approvers) }
}
