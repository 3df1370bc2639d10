package gatehouse.gate_test

stopping := ["gate.principal.kill", "gate.key.revoke", "gate.session.end"]

test_whoever_approves_stops_at_once if {
	every tool in stopping {
		allowed(request("change", ["security_lead"], with_tool(tool)), "stop.allow")
		allowed(request("change", ["admin"], with_tool(tool)), "stop.allow")
	}
}

test_others_ask_to_stop if {
	every tool in stopping { asked(request("change", ["operator"], with_tool(tool)), "change.ask", 1, approvers) }
}

test_a_class_does_not_hold_up_stopping if {
	more := object.union(with_tool("gate.principal.kill"), of_class({"approval": "lead"}))
	allowed(request("change", ["admin"], more), "stop.allow")
	asked(request("change", ["operator"], more), "change.ask", 1, approvers)
}

break_glass := with_tool("gate.session.break_glass")

test_a_person_who_acts_breaks_the_glass if {
	every role in ["operator", "security_lead", "admin"] {
		allowed(request("change", [role], break_glass), "break-glass.allow")
	}
}

test_nobody_else_breaks_the_glass if {
	denied(request("change", ["developer"], break_glass), "break-glass.deny")
	every kind in ["agent", "service", "pipeline"] {
		more := object.union(break_glass, {"principal": {"kind": kind}})
		denied(request("change", ["admin"], more), "break-glass.deny")
	}
}

review := with_tool("gate.review.close")

test_a_person_who_approves_closes_a_review if {
	allowed(request("change", ["security_lead"], review), "review.allow")
}

test_others_ask_to_close_a_review if {
	asked(request("change", ["operator"], review), "change.ask", 1, approvers)
	agent := object.union(review, {"principal": {"kind": "agent"}})
	asked(request("change", ["admin"], agent), "change.ask", 1, approvers)
}
