# Workflows: a run grants nothing, each of its steps is decided by itself. What is said here is about asking people, and
# about stopping.
package gatehouse.gate

# METADATA
# title: Who works here asks people
# description: who works here may have a run ask people; the step itself names who agrees, and the gate holds to it
# custom:
#   id: workflow.approval
#   remedy: to keep runs from asking, add a deny of your own for workflow.approval; to ask more, an ask
allow contains says(rego.metadata.rule()) if {
	input.effect == "change"
	asks_people
}

# METADATA
# title: Who works here starts runs
# description: a run may be started by those who work here; what its steps do is decided step by step
# custom:
#   id: workflow.run
#   remedy: to have it asked for, add an ask of your own for workflow.run
allow contains says(rego.metadata.rule()) if {
	input.effect == "change"
	starts_run
}

# METADATA
# title: Stopping a run does not wait
# description: a run may be stopped by those who work here; nothing new begins, and it is recorded
# custom:
#   id: workflow.cancel
#   remedy: to have it asked for, add an ask of your own for workflow.cancel
allow contains says(rego.metadata.rule()) if {
	input.effect == "change"
	stops_run
}

# METADATA
# title: a run of a workflow asks people
asks_people if {
	input.action.tool == "workflow.approval"
	works_here
}

# METADATA
# title: somebody who works here starts a run of a workflow
starts_run if {
	input.action.tool == "workflow.run"
	works_here
}

# METADATA
# title: somebody who works here stops a run of a workflow
stops_run if {
	input.action.tool == "workflow.cancel"
	works_here
}
