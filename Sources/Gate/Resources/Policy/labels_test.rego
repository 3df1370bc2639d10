package gatehouse.gate_test

outside := {"sends_outside": true}

test_a_secret_does_not_leave if {
	denied(request("read", ["admin"], {"sends_outside": true, "labels": ["secret"]}), "secret.outside")
	denied(request("read", ["admin"], {"sends_outside": true, "session": {"labels": ["secret"]}}), "secret.outside")
}

test_a_secret_within_is_no_matter if allowed(request("read", ["admin"], {"labels": ["secret"]}), "read.work")

test_other_labels_leave_where_nothing_is_known_of_the_provider if {
	allowed(request("read", ["admin"], {"sends_outside": true, "labels": ["pii"]}), "read.work")
}

test_a_provider_sees_what_it_is_cleared_for if {
	more := {"sends_outside": true, "clearance": ["pii", "secret"], "labels": ["secret"], "session": {"labels": ["pii"]}}
	allowed(request("read", ["developer"], more), "read.work")
}

test_a_provider_sees_nothing_else if {
	more := {"sends_outside": true, "clearance": ["pii"], "labels": ["pii", "phi"], "session": {"labels": ["secret"]}}
	answer := decided(request("read", ["admin"], more))
	answer.rule == "clearance.deny"
	answer.reason == "the provider is not cleared for phi, secret"
}

test_no_clearance_at_all if {
	denied(request("read", ["admin"], {"clearance": [], "labels": ["pii"]}), "clearance.deny")
	allowed(request("read", ["admin"], {"clearance": []}), "read.work")
}

test_who_wrote_a_text_takes_no_clearance if {
	allowed(request("read", ["admin"], {"clearance": [], "session": {"labels": ["untrusted"]}}), "read.work")
}
