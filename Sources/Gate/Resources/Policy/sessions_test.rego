package gatehouse.gate_test

test_a_class_names_who_agrees if {
	lead := of_class({"name": "security-audit", "approval": "lead"})
	asked(request("change", ["operator"], lead), "change.ask", 1, {"lead"})
	asked(request("destroy", ["operator"], lead), "destroy.ask", 2, {"lead"})
	asked(request("reveal", ["operator"], lead), "reveal.ask", 1, approvers)
	allowed(request("read", ["operator"], lead), "read.work")
}

test_a_class_that_names_nobody if {
	asked(request("change", ["operator"], of_class({"approval": "none"})), "change.ask", 1, approvers)
}

incident := of_class({"name": "incident-response"})

test_questions_of_an_incident_expire_sooner if {
	answer := decided(request("change", ["operator"], incident))
	answer.approval.expires_seconds == 900
	usual := decided(request("change", ["operator"], {}))
	usual.approval.expires_seconds == 3600
}

test_an_incident_takes_two_everywhere if {
	destroy := request("destroy", ["operator"], incident)
	asked(destroy, "destroy.ask", 2, approvers) with data.gatehouse.environments as {"test": ["*"]}
}

test_only_people_destroy_during_an_incident if {
	every kind in ["agent", "service", "pipeline"] {
		more := object.union(incident, {"principal": {"kind": kind}})
		denied(request("destroy", ["admin"], more), "incident.destroy")
		asked(request("change", ["admin"], more), "change.ask", 1, approvers)
	}
}
