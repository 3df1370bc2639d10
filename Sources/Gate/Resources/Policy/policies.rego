# Policy and data beside the gate's own, which no request can change: what decides here comes from configuration.
package gatehouse.gate

# METADATA
# title: An admin puts policy
# description: an admin may put policy and data beside the gate's own; it is recorded
# custom:
#   id: policy.admin
#   remedy: to have admins ask as well, add an ask of your own for these tools
allow contains says(rego.metadata.rule()) if {
	input.effect == "change"
	puts_policy
}

# METADATA
# title: an admin puts or deletes policy or data
puts_policy if {
	input.action.tool in {"policy.module.put", "policy.module.delete", "policy.data.put", "policy.data.delete"}
	is_admin
}
