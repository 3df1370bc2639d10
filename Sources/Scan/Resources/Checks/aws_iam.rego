package gatehouse.checks.aws.iam

import data.gatehouse.lib

# Resources with policies that say what an identity may do.
identities := [r |
	some kind in [
		"aws_iam_policy", "aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy", "aws_iam_role",
		"aws_iam_user", "aws_iam_group",
		"data.aws_iam_policy_document", "aws_ssoadmin_permission_set_inline_policy",
	]
	some r in object.get(input.resources, kind, [])
]

# Statements that grant something, where they are written; those with principals speak of a resource, not an identity.
grants[r.id] contains {"document": document, "statement": statement} if {
	some r in identities
	some [document, statement] in lib.statements(r)
	not document.inherited
	statement.effect == "Allow"
	count(statement.principals) == 0
}

place(grant) := grant.statement.path

any_resource(statement) if "*" in statement.resources

# METADATA
# scope: document
# title: IAM policy allows everything
# description: "Action * on resource * is the administrator of the account: whoever gets these credentials owns it."
# custom:
#   severity: high
#   remedy: List the actions and resources that are needed.
#   controls: ["CIS-AWS-3.0:1.16", "NIST-800-53:AC-6"]
admin contains lib.at(r, place(grant)) if {
	some r in identities
	some grant in grants[r.id]
	some action in grant.statement.actions
	action in {"*", "*:*"}
	any_resource(grant.statement)
}

# METADATA
# scope: document
# title: IAM policy allows every action of a service
# description: A service's wildcard takes in what deletes, what shares and whatever is added later.
# custom:
#   severity: medium
#   remedy: List the actions that are needed.
#   controls: ["CIS-AWS-3.0:1.16", "NIST-800-53:AC-6"]
wildcard_action contains lib.at(r, place(grant)) if {
	some r in identities
	some grant in grants[r.id]
	some action in grant.statement.actions
	endswith(action, ":*")
	any_resource(grant.statement)
}

# METADATA
# scope: document
# title: IAM policy allows changes to every resource
# description: What may change any resource of a kind may change those that it was never meant for.
# custom:
#   severity: medium
#   remedy: Name the resources, or limit them by a condition.
#   controls: ["NIST-800-53:AC-6"]
wildcard_write contains lib.at(r, place(grant)) if {
	some r in identities
	some grant in grants[r.id]
	any_resource(grant.statement)
	count(grant.statement.conditions) == 0
	some action in grant.statement.actions
	regex.match(`^[a-z0-9-]+:(Create|Put|Delete|Update|Attach|Detach|Modify|Terminate|Run|Set|Add|Remove|Write|Start|Stop)`, action)
}

escalations := {
	"iam:passrole", "iam:createpolicyversion", "iam:setdefaultpolicyversion", "iam:createaccesskey",
	"iam:createloginprofile", "iam:updateloginprofile", "iam:attachuserpolicy", "iam:attachgrouppolicy",
	"iam:attachrolepolicy", "iam:putuserpolicy", "iam:putgrouppolicy", "iam:putrolepolicy", "iam:addusertogroup",
	"iam:updateassumerolepolicy", "iam:*", "lambda:updatefunctioncode", "glue:updatedevendpoint", "sts:assumerole",
}

# METADATA
# scope: document
# title: IAM policy lets its holder gain other rights
# description: With these actions on any resource, an identity can give itself the rights of others.
# custom:
#   severity: high
#   remedy: Limit the action to named roles, users or functions.
#   controls: ["NIST-800-53:AC-6"]
privilege_escalation contains lib.at(r, place(grant)) if {
	some r in identities
	some grant in grants[r.id]
	any_resource(grant.statement)
	some action in grant.statement.actions
	lower(action) in escalations
	lower(action) != "iam:passrole"
}

# METADATA
# scope: document
# title: IAM policy lets its holder pass any role
# description: iam:PassRole on every role, with a service that runs code, gives the rights of the strongest role in the account.
# custom:
#   severity: high
#   remedy: Name the roles that may be passed.
#   controls: ["NIST-800-53:AC-6"]
pass_role contains lib.at(r, place(grant)) if {
	some r in identities
	some grant in grants[r.id]
	any_resource(grant.statement)
	count(grant.statement.conditions) == 0
	some action in grant.statement.actions
	lower(action) == "iam:passrole"
}

# METADATA
# scope: document
# title: IAM policy allows all but a list
# description: Allow with NotAction grants everything that AWS adds later.
# custom:
#   severity: medium
#   remedy: List what is allowed instead.
#   controls: ["NIST-800-53:AC-6"]
not_action contains lib.at(r, place(grant)) if {
	some r in identities
	some grant in grants[r.id]
	count(grant.statement.not_actions) > 0
}

# METADATA
# scope: document
# title: IAM policy lets its holder read data of every resource
# description: Reading secrets, objects or parameters of the whole account is what is stolen first.
# custom:
#   severity: medium
#   remedy: Name the buckets, secrets and parameters.
#   controls: ["NIST-800-53:AC-6"]
data_exposure contains lib.at(r, place(grant)) if {
	some r in identities
	some grant in grants[r.id]
	any_resource(grant.statement)
	count(grant.statement.conditions) == 0
	some action in grant.statement.actions
	lower(action) in {
		"s3:getobject", "s3:*", "ssm:getparameter", "ssm:getparameters", "ssm:getparametersbypath",
		"secretsmanager:getsecretvalue", "secretsmanager:*", "dynamodb:scan", "kms:decrypt", "kms:*",
	}
}

roles := object.get(input.resources, "aws_iam_role", [])

# METADATA
# scope: document
# title: Role may be assumed by anyone
# description: A trust policy with principal * lets every AWS account take the role.
# custom:
#   severity: critical
#   remedy: Name the accounts, roles or services that may assume it.
#   controls: ["NIST-800-53:AC-3"]
trust_everyone contains lib.at(r, document.path) if {
	some r in roles
	some [document, statement] in lib.statements(r)
	document.path[0] in {"assume_role_policy", "assume_role_policy_document"}
	statement.effect == "Allow"
	lib.everyone(statement)
	count(statement.conditions) == 0
}

# METADATA
# scope: document
# title: Role may be assumed by a whole account
# description: Trusting the root of an account hands the choice of who may to that account.
# custom:
#   severity: info
#   remedy: Name the role or user, or require an external id.
trust_account contains lib.at(r, document.path) if {
	some r in roles
	some [document, statement] in lib.statements(r)
	document.path[0] in {"assume_role_policy", "assume_role_policy_document"}
	statement.effect == "Allow"
	some principal in statement.principals
	regex.match(`^AWS:(arn:aws:iam::)?[0-9]{12}(:root)?$`, principal)
	count(statement.conditions) == 0
}

# METADATA
# scope: document
# title: Policy is attached to a user
# description: Rights of single users are forgotten when people move on.
# custom:
#   severity: low
#   remedy: Give the rights to a group or role and put the user into it.
#   controls: ["CIS-AWS-3.0:1.15"]
user_policy contains lib.at(r, []) if {
	some kind in {"aws_iam_user_policy", "aws_iam_user_policy_attachment"}
	some r in object.get(input.resources, kind, [])
}

user_policy contains lib.at(r, ["users"]) if {
	some r in object.get(input.resources, "aws_iam_policy", [])
	count(lib.strings(object.get(r.attributes, "users", []))) > 0
}

# METADATA
# scope: document
# title: Long-lived access key of a user
# description: A key that never expires is found in repositories, logs and laptops years later; the state file holds it too.
# custom:
#   severity: low
#   remedy: Let people sign in with SSO and workloads use roles.
#   controls: ["CIS-AWS-3.0:1.14"]
access_key contains lib.at(r, []) if {
	some r in object.get(input.resources, "aws_iam_access_key", [])
}

# METADATA
# scope: document
# title: AWS's AdministratorAccess is attached
# description: The managed policy allows everything in the account.
# custom:
#   severity: high
#   remedy: Attach a policy with what is needed.
#   controls: ["CIS-AWS-3.0:1.16"]
admin_attached contains lib.at(r, ["policy_arn"]) if {
	some kind in {"aws_iam_role_policy_attachment", "aws_iam_user_policy_attachment", "aws_iam_group_policy_attachment", "aws_iam_policy_attachment"}
	some r in object.get(input.resources, kind, [])
	endswith(lib.text(r, "policy_arn"), ":policy/AdministratorAccess")
}

admin_attached contains lib.at(r, ["managed_policy_arns", index]) if {
	some r in roles
	some index, arn in object.get(r.attributes, "managed_policy_arns", [])
	endswith(arn, ":policy/AdministratorAccess")
}

# METADATA
# scope: document
# title: Passwords may be shorter than 14 characters
# description: Short passwords are guessed.
# custom:
#   severity: low
#   remedy: Set minimum_password_length to 14 or more.
#   controls: ["CIS-AWS-3.0:1.8"]
password_length contains lib.at(r, ["minimum_password_length"]) if {
	some r in object.get(input.resources, "aws_iam_account_password_policy", [])
	to_number(object.get(r.attributes, "minimum_password_length", 6)) < 14
}

# METADATA
# scope: document
# title: Old passwords may be used again
# description: A stolen password stays good when people go back to it.
# custom:
#   severity: low
#   remedy: Set password_reuse_prevention to 24.
#   controls: ["CIS-AWS-3.0:1.9"]
password_reuse contains lib.at(r, ["password_reuse_prevention"]) if {
	some r in object.get(input.resources, "aws_iam_account_password_policy", [])
	to_number(object.get(r.attributes, "password_reuse_prevention", 0)) < 24
}

# METADATA
# scope: document
# title: Resource policy grants access to everyone
# description: A statement that allows any principal without a condition opens the resource to the internet.
# custom:
#   severity: high
#   remedy: Name the principals, or limit them by aws:PrincipalOrgID or the like.
#   controls: ["NIST-800-53:AC-3"]
wildcard_principal_resource_policy contains lib.at(r, document.path) if {
	some kind in {
		"aws_sns_topic", "aws_sns_topic_policy", "aws_sqs_queue", "aws_sqs_queue_policy", "aws_kms_key", "aws_ecr_repository_policy",
		"aws_secretsmanager_secret_policy", "aws_secretsmanager_secret", "aws_elasticsearch_domain", "aws_opensearch_domain",
		"aws_elasticsearch_domain_policy", "aws_opensearch_domain_policy", "aws_backup_vault_policy", "aws_efs_file_system_policy",
		"aws_ecr_repository", "aws_efs_file_system", "aws_glacier_vault", "aws_lambda_layer_version_permission", "aws_cloudwatch_event_bus_policy", "aws_api_gateway_rest_api_policy",
	}
	some r in object.get(input.resources, kind, [])
	some [document, statement] in lib.statements(r)
	statement.effect == "Allow"
	lib.everyone(statement)
	count(statement.conditions) == 0
}
