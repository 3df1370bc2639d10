package gatehouse.gate_test

import data.gatehouse.gate

known := {"production": ["aws:prod-*", "k8s:*/shop"], "test": ["aws:*", "k8s:test/*"]}

in_production(target) if {
	gate.in_production with input as {"action": {"target": target}} with data.gatehouse.environments as known
}

test_known_targets if {
	in_production("aws:prod-1")
	in_production("k8s:eu/west/shop")
	not in_production("aws:i-1")
	not in_production("k8s:test/cart")
}

test_a_target_of_two_environments_is_in_production if in_production("k8s:test/shop")

test_an_unknown_target_is_in_production if {
	in_production("gcp:vm-1")
	gate.in_production with input as {"action": {"target": "aws:i-1"}}
	gate.in_production with input as {"action": {"target": "aws:i-1"}} with data.gatehouse.environments as {"test": []}
}
