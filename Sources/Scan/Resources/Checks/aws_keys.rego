package gatehouse.checks.aws.keys

import data.gatehouse.lib

# METADATA
# scope: document
# title: KMS key is not rotated
# description: A key that never changes stays useful to whoever got it once.
# custom:
#   severity: medium
#   remedy: Set enable_key_rotation to true.
#   controls: ["CIS-AWS-3.0:3.6", "NIST-800-53:SC-12"]
#   fix:
#     - set: {"enable_key_rotation": true}
#       risk: "None is known: old key material stays for what it encrypted."
rotation contains lib.at(r, ["enable_key_rotation"]) if {
	some r in object.get(input.resources, "aws_kms_key", [])
	lib.off(lib.get(r, "enable_key_rotation"))
	lib.text(r, "customer_master_key_spec") in {"", "SYMMETRIC_DEFAULT"}
}

# METADATA
# scope: document
# title: KMS key is gone within days
# description: A short window leaves no time to notice that data can no longer be read.
# custom:
#   severity: info
#   remedy: Set deletion_window_in_days to 30.
#   fix:
#     - set: {"deletion_window_in_days": 30}
#       risk: "A key that is deleted goes later."
deletion_window contains lib.at(r, ["deletion_window_in_days"]) if {
	some r in object.get(input.resources, "aws_kms_key", [])
	is_number(r.attributes.deletion_window_in_days)
	r.attributes.deletion_window_in_days < 14
}

# METADATA
# scope: document
# title: SNS topic is not encrypted
# description: Messages lie on AWS's disks in the clear.
# custom:
#   severity: medium
#   remedy: Set kms_master_key_id.
#   controls: ["NIST-800-53:SC-28"]
#   fix:
#     - set: {"kms_master_key_id": "alias/aws/sns"}
#       risk: "Services that publish to the topic cannot use AWS's own key: give them a key of yours."
topic_encryption contains lib.at(r, []) if {
	some r in object.get(input.resources, "aws_sns_topic", [])
	lib.off(lib.get(r, "kms_master_key_id"))
}

# METADATA
# scope: document
# title: SQS queue is not encrypted
# description: Messages lie on AWS's disks in the clear.
# custom:
#   severity: medium
#   remedy: Set sqs_managed_sse_enabled to true, or kms_master_key_id.
#   controls: ["NIST-800-53:SC-28"]
#   fix:
#     - set: {"sqs_managed_sse_enabled": true}
#       risk: "None is known."
queue_encryption contains lib.at(r, ["sqs_managed_sse_enabled"]) if {
	some r in object.get(input.resources, "aws_sqs_queue", [])
	lib.off(lib.get(r, "kms_master_key_id"))
	# SQS encrypts a queue that says nothing.
	lib.get(r, "sqs_managed_sse_enabled") in {false, "false"}
}

# METADATA
# scope: document
# title: Secret is not encrypted with a customer key
# description: Whoever may read secrets in the account reads it; a key of its own is a second lock.
# custom:
#   severity: info
#   remedy: Set kms_key_id.
#   controls: ["NIST-800-53:SC-12"]
secret_key contains lib.at(r, []) if {
	some r in object.get(input.resources, "aws_secretsmanager_secret", [])
	lib.off(lib.get(r, "kms_key_id"))
}

# METADATA
# scope: document
# title: Secret is not rotated
# description: A secret that never changes stays useful to whoever got it once.
# custom:
#   severity: low
#   remedy: Add an aws_secretsmanager_secret_rotation.
#   controls: ["NIST-800-53:IA-5"]
secret_rotation contains lib.at(r, []) if {
	some r in object.get(input.resources, "aws_secretsmanager_secret", [])
	count(lib.attached(r, "aws_secretsmanager_secret_rotation", "secret_id")) == 0
}

# METADATA
# scope: document
# title: Value of a secret stands in the configuration
# description: It is in the repository, in every clone and in the state.
# custom:
#   severity: high
#   remedy: Put the value in from outside; change this one.
#   controls: ["NIST-800-53:IA-5"]
secret_in_code contains lib.at(r, [name]) if {
	some kind, name in {
		"aws_secretsmanager_secret_version": "secret_string", "aws_secretsmanager_secret": "secret_string",
		"aws_ssm_parameter": "value",
	}
	some r in object.get(input.resources, kind, [])
	object.get(r.attributes, "type", "SecureString") == "SecureString"
	value := lib.text(r, name)
	value != ""
	not lib.unknown(value)
}

# METADATA
# scope: document
# title: Parameter that sounds secret is plain text
# description: String parameters can be read by whoever may describe them.
# custom:
#   severity: low
#   remedy: Set type to SecureString.
#   fix:
#     - set: {"type": "SecureString"}
#       risk: "Readers have to ask for decryption, and need the right to use the key."
#       then: "Change the value: it was kept in the clear."
parameter_plain contains lib.at(r, ["type"]) if {
	some r in object.get(input.resources, "aws_ssm_parameter", [])
	r.attributes.type in {"String", "StringList"}
	regex.match(`(?i)(passw|secret|token|api_?key|private)`, lib.text(r, "name"))
}

# METADATA
# scope: document
# title: Access key stands in the provider's settings
# description: It is in the repository and in every clone, and it is good for the whole account.
# custom:
#   severity: critical
#   remedy: Remove it, withdraw the key, and let Terraform use a role or the environment.
#   controls: ["NIST-800-53:IA-5"]
provider_key contains lib.at(r, [name]) if {
	some r in object.get(input.resources, "provider.aws", [])
	some name in {"access_key", "secret_key"}
	value := lib.text(r, name)
	value != ""
	not lib.unknown(value)
}
