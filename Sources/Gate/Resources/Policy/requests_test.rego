# Requests to test with.
package gatehouse.gate_test

# A request by a person with these roles, and with other members where `more` says so.
request(effect, roles, more) := object.union(
	{
		"principal": {"id": "prn_1", "kind": "person", "name": "Ada", "roles": roles},
		"session": {
			"id": "ses_1",
			"class": {"name": "standard", "approval": "auto", "logging": "required", "retention_seconds": 7776000},
			"labels": [],
			"break_glass": false,
		},
		"action": {"id": "act_1", "tool": "cloud.instance.tag", "target": "aws:i-1", "arguments": {}},
		"effect": effect,
		"labels": [],
		"sends_outside": false,
		"time": "2026-11-20T10:11:12.000000Z",
	},
	more,
)

with_tool(tool) := {"action": {"tool": tool}}

of_class(class) := {"session": {"class": class}}

decided(request) := decision if decision := data.gatehouse.gate.decision with input as request

allowed(request, rule) if {
	answer := decided(request)
	answer.verdict == "allow"
	answer.rule == rule
}

denied(request, rule) if {
	answer := decided(request)
	answer.verdict == "deny"
	answer.rule == rule
}

asked(request, rule, quorum, roles) if {
	answer := decided(request)
	answer.verdict == "ask"
	answer.rule == rule
	answer.approval.quorum == quorum
	answer.approval.roles == roles
}

approvers := {"security_lead", "admin"}
