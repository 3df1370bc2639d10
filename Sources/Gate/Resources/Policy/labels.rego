# What inspection found in this request, and what has passed through its session before, goes only where the provider
# behind the tool is cleared for it.
package gatehouse.gate

# METADATA
# title: No secret leaves
# description: a secret is not sent out of the organisation
# custom:
#   id: secret.outside
#   remedy: begin a session that has seen no secret, or use a tool whose provider has a clearance for secrets
deny contains says(rego.metadata.rule()) if {
	input.sends_outside == true
	not input.clearance
	carries_secret
}

# METADATA
# title: Labels go to cleared providers only
# description: the provider is not cleared for
# custom:
#   id: clearance.deny
#   remedy: use a provider that is cleared for these labels, or begin a session that has not seen them
deny contains {"rule": rule.custom.id, "reason": reason} if {
	input.clearance
	is_uncleared
	rule := rego.metadata.rule()
	reason := $"{rule.description} {concat(", ", uncleared_labels)}"
}

# METADATA
# title: the request or its session carries a secret
carries_secret if "secret" in carried_labels

# METADATA
# title: the request or its session carries labels that the provider is not cleared for
is_uncleared if uncleared_labels != set()

# `untrusted` tells who wrote a text and not what it holds: no clearance is needed for it.
uncleared_labels := (carried_labels - {"untrusted"}) - {label | some label in input.clearance}

carried_labels contains label if some label in input.labels

carried_labels contains label if some label in input.session.labels
