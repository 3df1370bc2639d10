package gatehouse.gate_test

adding(arguments) := {"action": {"tool": "gate.principal.add", "arguments": arguments}}

test_an_admin_adds_those_who_only_work if {
	every roles in [["viewer"], ["developer"], ["developer", "viewer"]] {
		allowed(request("change", ["admin"], adding({"kind": "service", "name": "ci", "roles": roles})), "principal.admin")
	}
}

test_those_who_act_or_agree_are_added_by_two if {
	every role in ["operator", "security_lead", "admin", "of-our-own"] {
		asked(request("change", ["admin"], adding({"roles": ["developer", role]})), "change.ask", 1, approvers)
	}
}

test_whoever_is_added_without_roles_that_can_be_seen_is_asked_for if {
	asked(request("change", ["admin"], adding({})), "change.ask", 1, approvers)
}

test_others_who_act_ask_to_add_principals if {
	asked(request("change", ["security_lead"], adding({"roles": ["viewer"]})), "change.ask", 1, approvers)
}
