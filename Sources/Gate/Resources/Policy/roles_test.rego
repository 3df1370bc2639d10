package gatehouse.gate_test

import data.gatehouse.gate

test_roles_say_what_somebody_may if {
	gate.is_viewer with input as request("read", ["viewer"], {})
	not gate.works_here with input as request("read", ["viewer"], {})
	gate.works_here with input as request("read", ["developer"], {})
	not gate.acts_here with input as request("read", ["developer"], {})
	gate.acts_here with input as request("read", ["operator"], {})
	not gate.approves_here with input as request("read", ["operator"], {})
	gate.approves_here with input as request("read", ["security_lead"], {})
	not gate.is_admin with input as request("read", ["security_lead"], {})
	gate.is_admin with input as request("read", ["admin"], {})
	gate.is_person with input as request("read", [], {})
	not gate.is_person with input as request("read", [], {"principal": {"kind": "agent"}})
}

test_unknown_roles_grant_nothing if {
	every effect in ["read", "reveal", "change", "destroy"] {
		denied(request(effect, ["root", "Admin", "admin "], {}), "none")
		denied(request(effect, [], {}), "none")
	}
}

test_no_principal_is_nobody if {
	denied({}, "none")
	denied({"effect": "read"}, "none")
	denied({"effect": "change", "principal": {"roles": "admin"}}, "none")
}
