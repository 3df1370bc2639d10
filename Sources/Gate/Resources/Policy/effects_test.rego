package gatehouse.gate_test

test_those_who_work_here_read if {
	every role in ["developer", "operator", "security_lead", "admin"] { allowed(request("read", [role], {}), "read.work") }
}

test_a_viewer_reads if allowed(request("read", ["viewer"], {}), "read.viewer")

test_two_roles_read_by_both_rules if allowed(request("read", ["viewer", "admin"], {}), "read.viewer+read.work")

test_a_viewer_does_not_assess if denied(request("read", ["viewer"], with_tool("scan.assess")), "assess.deny")

test_a_viewer_makes_no_fixes if denied(request("read", ["viewer"], with_tool("scan.fix")), "assess.deny")

test_a_viewer_makes_no_threat_model if {
	denied(request("read", ["viewer"], with_tool("scan.threats")), "assess.deny")
}

test_a_developer_assesses if allowed(request("read", ["developer"], with_tool("scan.assess")), "read.work")

test_a_viewer_does_nothing_else if {
	every effect in ["reveal", "change", "destroy"] { denied(request(effect, ["viewer"], {}), "none") }
}

test_an_admin_sees_secrets if allowed(request("reveal", ["admin"], {}), "reveal.admin")

test_others_who_work_here_ask_to_see_secrets if {
	every role in ["developer", "operator", "security_lead"] {
		asked(request("reveal", [role], {}), "reveal.ask", 1, approvers)
	}
}

test_a_change_asks_even_for_an_approver if {
	every role in ["operator", "security_lead", "admin"] {
		asked(request("change", [role], {}), "change.ask", 1, approvers)
	}
}

test_a_developer_changes_and_destroys_nothing if {
	denied(request("change", ["developer"], {}), "none")
	denied(request("destroy", ["developer"], {}), "none")
}

test_a_destroy_asks_two if {
	every role in ["operator", "security_lead", "admin"] {
		asked(request("destroy", [role], {}), "destroy.ask", 2, approvers)
	}
}

test_outside_production_a_destroy_asks_one if {
	destroy := request("destroy", ["operator"], {})
	asked(destroy, "destroy.ask.one", 1, approvers) with data.gatehouse.environments as {"test": ["aws:*"]}
}
