package gatehouse.gate_test

putting := ["policy.module.put", "policy.module.delete", "policy.data.put", "policy.data.delete"]

test_an_admin_puts_policy if {
	every tool in putting { allowed(request("change", ["admin"], with_tool(tool)), "policy.admin") }
}

test_others_who_act_ask_to_put_policy if {
	every tool in putting { asked(request("change", ["operator"], with_tool(tool)), "change.ask", 1, approvers) }
}
