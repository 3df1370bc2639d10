package gatehouse.gate_test

triaging(state) := {"action": {"tool": "scan.findings.triage", "arguments": {"finding": "fnd_1", "state": state}}}

test_those_who_work_here_open_findings_again if {
	every role in ["developer", "operator", "security_lead", "admin"] {
		allowed(request("change", [role], triaging("open")), "findings.open")
	}
}

test_a_viewer_decides_nothing if {
	every state in ["open", "known", "suppressed", "accepted"] {
		denied(request("change", ["viewer"], triaging(state)), "none")
	}
}

test_who_agrees_puts_findings_aside_in_person if {
	every role in ["security_lead", "admin"] {
		allowed(request("change", [role], triaging("known")), "findings.aside")
		allowed(request("change", [role], triaging("suppressed")), "findings.aside")
	}
}

test_others_ask_to_put_findings_aside if {
	every role in ["developer", "operator"] {
		asked(request("change", [role], triaging("suppressed")), "findings.ask", 1, approvers)
	}
	as_agent := object.union(triaging("suppressed"), {"principal": {"kind": "agent"}})
	asked(request("change", ["admin"], as_agent), "findings.ask", 1, approvers)
}

test_nobody_accepts_a_risk_alone if {
	every role in ["developer", "operator", "security_lead", "admin"] {
		asked(request("change", [role], triaging("accepted")), "findings.ask", 1, approvers)
	}
}
