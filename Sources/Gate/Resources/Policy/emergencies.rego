# What takes power away must not wait. What gives power in an emergency is for people, and is reviewed by another.
package gatehouse.gate

stopping_tools := {"gate.principal.kill", "gate.key.revoke", "gate.session.end"}

# Tools that a session's class does not hold up.
unhindered_tools := stopping_tools | {"gate.session.break_glass"}

# METADATA
# title: Stopping does not wait
# description: what takes power away must not wait; it is recorded
# custom:
#   id: stop.allow
#   remedy: to have it asked for, add an ask of your own for these tools
allow contains says(rego.metadata.rule()) if {
	input.effect == "change"
	stops_now
}

# METADATA
# title: A person breaks the glass
# description: a person may break the glass in an emergency; it is reviewed
# custom:
#   id: break-glass.allow
#   remedy: to forbid it, add a deny of your own for gate.session.break_glass
allow contains says(rego.metadata.rule()) if {
	input.action.tool == "gate.session.break_glass"
	may_break_glass
}

# METADATA
# title: Only people who act break the glass
# description: only people who act here break the glass
# custom:
#   id: break-glass.deny
#   remedy: let an operator, a security_lead or an admin do it in person
deny contains says(rego.metadata.rule()) if {
	input.action.tool == "gate.session.break_glass"
	not may_break_glass
}

# METADATA
# title: A review is closed by a person who approves
# description: whoever did not break the glass may close its review
# custom:
#   id: review.allow
#   remedy: to have another look at it, add an ask of your own for gate.review.close
allow contains says(rego.metadata.rule()) if {
	input.action.tool == "gate.review.close"
	closes_review
}

# METADATA
# title: somebody who approves stops a principal, a key or a session
stops_now if {
	input.action.tool in stopping_tools
	approves_here
}

# METADATA
# title: a person who acts here asks
may_break_glass if {
	is_person
	acts_here
}

# METADATA
# title: a person who approves closes a review
closes_review if {
	input.action.tool == "gate.review.close"
	is_person
	approves_here
}

# METADATA
# title: it is an emergency measure, which has rules of its own
is_emergency if stops_now

is_emergency if input.action.tool == "gate.session.break_glass"

is_emergency if closes_review
