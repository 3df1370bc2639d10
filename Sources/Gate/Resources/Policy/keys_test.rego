package gatehouse.gate_test

key := with_tool("gate.key.create")

test_an_admin_gives_out_keys if allowed(request("reveal", ["admin"], key), "key.admin")

test_others_who_act_ask_for_a_key if {
	every role in ["operator", "security_lead"] { asked(request("reveal", [role], key), "key.ask", 1, approvers) }
}

test_nobody_else_gets_a_key if {
	every role in ["viewer", "developer", "root"] { denied(request("reveal", [role], key), "key.deny") }
}
