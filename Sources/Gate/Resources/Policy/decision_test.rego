package gatehouse.gate_test

own := {"rule": "own", "reason": "a rule of ours"}

of_two(roles, quorum, seconds) := {"roles": roles, "quorum": quorum, "expires_seconds": seconds}

change := request("change", ["operator"], {})

test_nothing_speaks if denied(request("change", ["nobody"], {}), "none")

test_own_rules_come_first if {
	allowed(change, "own") with data.gatehouse.custom.allow as {own}
	denied(change, "own") with data.gatehouse.custom.deny as {own}
	answer := object.union(own, {"approval": of_two(["lead"], 3, 60)})
	asked(change, "own", 3, ["lead"]) with data.gatehouse.custom.ask as {answer}
}

test_the_strictest_of_the_own_rules_speaks if {
	answer := object.union(own, {"approval": of_two(["lead"], 1, 60)})
	denied(change, "own") with data.gatehouse.custom.deny as {own}
		with data.gatehouse.custom.ask as {answer}
		with data.gatehouse.custom.allow as {own}
	asked(change, "own", 1, ["lead"]) with data.gatehouse.custom.ask as {answer} with data.gatehouse.custom.allow as {own}
}

test_own_rules_that_do_not_speak_leave_it_open if {
	asked(change, "change.ask", 1, approvers) with data.gatehouse.custom.deny as set()
		with data.gatehouse.custom.ask as set()
		with data.gatehouse.custom.allow as set()
}

test_several_that_ask_are_all_satisfied if {
	first := {"rule": "a", "reason": "one", "approval": of_two(["lead", "admin"], 1, 600)}
	second := {"rule": "b", "reason": "two", "approval": of_two(["admin", "owner"], 3, 7200)}
	answer := decided(change) with data.gatehouse.custom.ask as {first, second}
	answer.verdict == "ask"
	answer.rule == "a+b"
	answer.reason == "one; two"
	answer.approval == {"roles": {"admin"}, "quorum": 3, "expires_seconds": 600}
}

test_several_that_ask_for_nobody_in_common if {
	first := {"rule": "a", "reason": "one", "approval": {"roles": ["lead"]}}
	second := {"rule": "b", "reason": "two", "approval": {"roles": ["owner"]}}
	answer := decided(change) with data.gatehouse.custom.ask as {first, second}
	answer.approval == {"roles": set(), "quorum": 1, "expires_seconds": 3600}
}

test_constraints_hold_together if {
	first := {"rule": "a", "reason": "one", "constraints": {"region": "eu", "limit": 5}}
	second := {"rule": "b", "reason": "two", "constraints": {"region": "eu", "route": "local"}}
	answer := decided(change) with data.gatehouse.custom.allow as {first, second}
	answer.verdict == "allow"
	answer.constraints == {"region": "eu", "limit": 5, "route": "local"}
}

test_several_that_deny if {
	answer := decided(change) with data.gatehouse.custom.deny as {own, {"rule": "other", "reason": "another"}}
	answer.verdict == "deny"
	answer.rule == "other+own"
	answer.reason == "a rule of ours; another"
}

test_an_answer_cannot_speak_for_another_verdict if {
	denied(change, "own") with data.gatehouse.custom.deny as {object.union(own, {"verdict": "allow"})}
}
