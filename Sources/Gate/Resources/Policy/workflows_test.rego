package gatehouse.gate_test

test_a_run_of_those_who_work_here_asks_people if {
	every role in ["developer", "operator", "security_lead", "admin"] {
		allowed(request("change", [role], with_tool("workflow.approval")), "workflow.approval")
	}
}

# Else the roles, quorum and time of the default rule would stand beside those of the step.
test_no_other_rule_speaks_on_who_agrees if {
	every kind in ["person", "service", "agent", "pipeline"] {
		as_kind := object.union(with_tool("workflow.approval"), {"principal": {"kind": kind}})
		allowed(request("change", ["operator"], as_kind), "workflow.approval")
	}
}

test_a_run_of_nobody_asks_nobody if {
	denied(request("change", [], with_tool("workflow.approval")), "none")
	denied(request("change", ["viewer"], with_tool("workflow.approval")), "none")
}

test_who_works_here_stops_a_run if {
	allowed(request("change", ["developer"], with_tool("workflow.cancel")), "workflow.cancel")
	denied(request("change", ["viewer"], with_tool("workflow.cancel")), "none")
}

test_who_works_here_starts_a_run if {
	every role in ["developer", "operator", "security_lead", "admin"] {
		allowed(request("change", [role], with_tool("workflow.run")), "workflow.run")
	}
	denied(request("change", ["viewer"], with_tool("workflow.run")), "none")
	denied(request("change", [], with_tool("workflow.run")), "none")
}

test_what_is_done_to_a_run_is_asked_for if {
	every tool in ["workflow.resume", "workflow.undo"] {
		asked(request("change", ["operator"], with_tool(tool)), "change.ask", 1, approvers)
		denied(request("change", ["developer"], with_tool(tool)), "none")
	}
}
