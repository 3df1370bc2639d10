# What assessments found: who may say that a finding is no matter, and who agrees.
package gatehouse.gate

# METADATA
# title: Whoever works here opens findings again
# description: a finding may be opened again by those who work here; it is recorded
# custom:
#   id: findings.open
#   remedy: to have it asked for, add an ask of your own for scan.findings.triage
allow contains says(rego.metadata.rule()) if {
	input.effect == "change"
	opens_finding
}

# METADATA
# title: Who agrees puts findings aside
# description: a person who agrees to what others ask for may mark a finding as known or suppressed; it is recorded
# custom:
#   id: findings.aside
#   remedy: to have another person asked as well, add an ask of your own for scan.findings.triage
allow contains says(rego.metadata.rule()) if {
	input.effect == "change"
	puts_finding_aside
}

# METADATA
# title: To accept a risk asks
# description: to accept a risk, or to put a finding aside, needs somebody else who agrees
# custom:
#   id: findings.ask
#   remedy: to let it through, add an allow of your own for scan.findings.triage that names state and roles
ask contains asks(rego.metadata.rule(), approvers, 1) if {
	input.effect == "change"
	triages_finding
	not opens_finding
	not puts_finding_aside
	not is_emergency
	works_here
}

# METADATA
# title: it decides about a finding
triages_finding if input.action.tool == "scan.findings.triage"

# METADATA
# title: a decision about a finding is taken back
opens_finding if {
	triages_finding
	input.action.arguments.state == "open"
	works_here
}

# METADATA
# title: a person who agrees to what others ask for marks a finding as known or suppressed
puts_finding_aside if {
	triages_finding
	input.action.arguments.state in {"known", "suppressed"}
	approves_here
	is_person
}
