# A class that names an approver gets that approver for whatever alters something, except for what stops somebody.
# During an incident questions expire sooner, and evidence is kept.
package gatehouse.gate

# METADATA
# title: Only people destroy during an incident
# description: evidence is kept during an incident, and only people ask to destroy
# custom:
#   id: incident.destroy
#   remedy: let a person ask for it, or do it in a session of another class once the incident is over
deny contains says(rego.metadata.rule()) if {
	input.effect == "destroy"
	in_incident
	not is_person
}

# METADATA
# title: roles of which whoever agrees to a change or a destroy has one
approvers := approving_roles if not class_approver

else := approving_roles if input.action.tool in unhindered_tools

else := {class_approver}

# METADATA
# title: the role that the session's class names
class_approver := role if {
	role := input.session.class.approval
	not role in {"auto", "none"}
}

# METADATA
# title: seconds for which a question stands
patience := 900 if in_incident

else := 3600

# METADATA
# title: the session is of the class incident-response
in_incident if input.session.class.name == "incident-response"
