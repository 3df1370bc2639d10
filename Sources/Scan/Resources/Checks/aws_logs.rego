package gatehouse.checks.aws.logs

import data.gatehouse.lib

trails := object.get(input.resources, "aws_cloudtrail", [])

# METADATA
# scope: document
# title: Trail records one region only
# description: What happens in the other regions, where nobody looks, is what attackers use.
# custom:
#   severity: medium
#   remedy: Set is_multi_region_trail to true.
#   controls: ["CIS-AWS-3.0:3.1", "NIST-800-53:AU-12"]
#   fix:
#     - set: {"is_multi_region_trail": true}
#       risk: "More is recorded, which costs."
trail_regions contains lib.at(r, ["is_multi_region_trail"]) if {
	some r in trails
	lib.off(lib.get(r, "is_multi_region_trail"))
}

# METADATA
# scope: document
# title: Trail's files are not validated
# description: Without digests nobody can tell whether records were removed.
# custom:
#   severity: low
#   remedy: Set enable_log_file_validation to true.
#   controls: ["CIS-AWS-3.0:3.2", "NIST-800-53:AU-9"]
#   fix:
#     - set: {"enable_log_file_validation": true}
#       risk: "None is known."
trail_validation contains lib.at(r, ["enable_log_file_validation"]) if {
	some r in trails
	lib.off(lib.get(r, "enable_log_file_validation"))
}

# METADATA
# scope: document
# title: Trail is not encrypted with a customer key
# description: Whoever may read the bucket reads everything that was done.
# custom:
#   severity: low
#   remedy: Set kms_key_id.
#   controls: ["CIS-AWS-3.0:3.5", "NIST-800-53:AU-9"]
trail_key contains lib.at(r, ["kms_key_id"]) if {
	some r in trails
	lib.off(lib.get(r, "kms_key_id"))
}

# METADATA
# scope: document
# title: Trail is turned off
# description: Nothing is recorded.
# custom:
#   severity: high
#   remedy: Set enable_logging to true.
#   controls: ["CIS-AWS-3.0:3.1", "NIST-800-53:AU-12"]
#   fix:
#     - set: {"enable_logging": true}
#       risk: "What is recorded costs."
trail_off contains lib.at(r, ["enable_logging"]) if {
	some r in trails
	r.attributes.enable_logging in {false, "false"}
}

# METADATA
# scope: document
# title: Trail does not reach CloudWatch
# description: Records in a bucket alert nobody.
# custom:
#   severity: low
#   remedy: Set cloud_watch_logs_group_arn.
#   controls: ["NIST-800-53:AU-6"]
trail_alerts contains lib.at(r, []) if {
	some r in trails
	lib.off(lib.get(r, "cloud_watch_logs_group_arn"))
}

# METADATA
# scope: document
# title: Log group keeps logs for ever, or not long enough
# description: Logs that are kept for ever cost and carry personal data; short ones are gone when an attack is noticed.
# custom:
#   severity: info
#   remedy: Set retention_in_days to 365.
#   controls: ["NIST-800-53:AU-11"]
#   fix:
#     - set: {"retention_in_days": 365}
#       risk: "Logs older than a year are deleted."
group_retention contains lib.at(r, []) if {
	some r in object.get(input.resources, "aws_cloudwatch_log_group", [])
	lib.off(lib.get(r, "retention_in_days"))
}

group_retention contains lib.at(r, ["retention_in_days"]) if {
	some r in object.get(input.resources, "aws_cloudwatch_log_group", [])
	days := to_number(r.attributes.retention_in_days)
	days > 0
	days < 365
}

# METADATA
# scope: document
# title: Log group is not encrypted with a customer key
# description: A key of its own is a second lock on what logs give away.
# custom:
#   severity: info
#   remedy: Set kms_key_id.
#   controls: ["NIST-800-53:SC-12"]
group_key contains lib.at(r, []) if {
	some r in object.get(input.resources, "aws_cloudwatch_log_group", [])
	lib.off(lib.get(r, "kms_key_id"))
}

# METADATA
# scope: document
# title: AWS Config records not every resource
# description: What is not recorded has no history.
# custom:
#   severity: low
#   remedy: Set recording_group.all_supported and include_global_resource_types to true.
#   controls: ["CIS-AWS-3.0:3.3"]
#   fix:
#     - base: "found"
#       set: {"all_supported": true, "include_global_resource_types": true}
#       risk: "More is recorded, which costs."
config_all contains lib.at(r, ["recording_group", index]) if {
	some r in object.get(input.resources, "aws_config_configuration_recorder", [])
	some index, block in lib.blocks(r, "recording_group")
	block.all_supported in {false, "false"}
}

# METADATA
# scope: document
# title: GuardDuty is turned off
# description: Known bad behaviour goes unnoticed.
# custom:
#   severity: medium
#   remedy: Set enable to true.
#   fix:
#     - set: {"enable": true}
#       risk: "What is watched costs."
guardduty_off contains lib.at(r, ["enable"]) if {
	some r in object.get(input.resources, "aws_guardduty_detector", [])
	r.attributes.enable in {false, "false"}
}
