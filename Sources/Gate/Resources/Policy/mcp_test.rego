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

authorizing(user) := {"action": {"tool": "mcp.authorize", "arguments": {"user": user}}}

test_people_authorize_the_gateway_for_themselves if {
	allowed(request("change", ["developer"], authorizing("prn_1")), "mcp.authorize.own")
	denied(request("change", ["viewer"], authorizing("prn_1")), "none")
}

test_who_acts_authorizes_the_gateway_for_agents if {
	allowed(request("change", ["operator"], authorizing("prn_2")), "mcp.authorize.other")
	denied(request("change", ["developer"], authorizing("prn_2")), "none")
}

test_an_agent_authorizes_nothing_by_itself if {
	as_agent := object.union(authorizing("prn_1"), {"principal": {"kind": "agent"}})
	asked(request("change", ["operator"], as_agent), "change.ask", 1, approvers)
}
