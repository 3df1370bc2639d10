# METADATA
# title: The gate's decision
# description: |
#   Rules give answers into the sets deny, ask and allow, from whatever file and in whatever order; the strictest verdict
#   that speaks decides. Rules of your own, in package gatehouse.custom, come first. What they leave open is decided by
#   the rules of this package, and what these leave open is denied.
package gatehouse.gate

# METADATA
# title: the answer to the gate
decision := outcome("deny", data.gatehouse.custom.deny) if data.gatehouse.custom.deny != set()

else := outcome("ask", data.gatehouse.custom.ask) if data.gatehouse.custom.ask != set()

else := outcome("allow", data.gatehouse.custom.allow) if data.gatehouse.custom.allow != set()

else := outcome("deny", deny) if deny != set()

else := outcome("ask", ask) if ask != set()

else := outcome("allow", allow) if allow != set()

else := {"verdict": "deny", "rule": "none", "reason": "no rule allows it"}

# An answer that stands alone is passed on as it is: what is no answer, the gate refuses.
outcome(verdict, answers) := object.union(answer, {"verdict": verdict}) if {
	count(answers) == 1
	some answer in answers
}

# Of several, all hold. Where their constraints contradict each other, there is no decision, which is a denial.
outcome(verdict, answers) := object.union(approval(verdict, answers), {
	"verdict": verdict,
	"rule": concat("+", {answer.rule | some answer in answers}),
	"reason": concat("; ", {answer.reason | some answer in answers}),
	"constraints": {key: value | some answer in answers; some key, value in answer.constraints},
}) if {
	count(answers) > 1
}

# Who agrees must do so for every rule that asks: a role that all of them name, the greatest quorum, the shortest time.
approval("ask", answers) := {"approval": {
	"roles": intersection({{role | some role in answer.approval.roles} | some answer in answers}),
	"quorum": max({1} | {answer.approval.quorum | some answer in answers}),
	"expires_seconds": min({3600} | {answer.approval.expires_seconds | some answer in answers}),
}}

approval("deny", _) := {}

approval("allow", _) := {}

# What a rule of this package answers: its own id, in its own words.
says(rule) := {"rule": rule.custom.id, "reason": rule.description}

asks(rule, roles, quorum) := object.union(
	says(rule),
	{"approval": {"roles": roles, "quorum": quorum, "expires_seconds": patience}},
)
