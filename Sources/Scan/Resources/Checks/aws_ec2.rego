package gatehouse.checks.aws.ec2

import data.gatehouse.lib

machines := [r |
	some kind in {"aws_instance", "aws_launch_template", "aws_launch_configuration"}
	some r in object.get(input.resources, kind, [])
]

# METADATA
# scope: document
# title: Instance metadata can be read without a session token
# description: With IMDSv1 one request forgery in an application yields the credentials of the machine's role.
# custom:
#   severity: medium
#   remedy: Set metadata_options.http_tokens to required.
#   controls: ["CIS-AWS-3.0:5.6"]
#   fix:
#     - set: {"metadata_options.http_tokens": "required"}
#       risk: "Software on the machine that reads metadata without a session token fails: old SDKs and scripts."
imds_v2 contains lib.at(r, []) if {
	some r in machines
	not safe_metadata(r)
}

safe_metadata(r) if {
	some block in lib.blocks(r, "metadata_options")
	lib.maybe(object.get(block, "http_tokens", "optional"), {"required"})
}

safe_metadata(r) if {
	some block in lib.blocks(r, "metadata_options")
	object.get(block, "http_endpoint", "enabled") == "disabled"
}

# METADATA
# scope: document
# title: Instance has a public address
# description: A public address makes the machine reachable wherever a security group errs.
# custom:
#   severity: low
#   remedy: Set associate_public_ip_address to false and put a load balancer in front.
#   controls: ["NIST-800-53:SC-7"]
#   fix:
#     - base: "found"
#       existing: true
#       set: {"": false}
#       risk: "The machine is no longer reached from the internet, and is made anew."
#     - base: "found"
#       set: {"associate_public_ip_address": false}
#       risk: "The machine is no longer reached from the internet, and is made anew."
public_ip contains lib.at(r, ["associate_public_ip_address"]) if {
	some r in machines
	lib.on(lib.get(r, "associate_public_ip_address"))
}

public_ip contains lib.at(r, ["network_interfaces", index]) if {
	some r in machines
	some index, block in lib.blocks(r, "network_interfaces")
	lib.on(object.get(block, "associate_public_ip_address", null))
}

# METADATA
# scope: document
# title: Disk of a machine is not encrypted
# description: Snapshots and retired disks can be read by whoever gets hold of them.
# custom:
#   severity: medium
#   remedy: Set encrypted to true.
#   controls: ["CIS-AWS-3.0:2.2.1", "NIST-800-53:SC-28"]
#   fix:
#     - base: "found"
#       existing: true
#       set: {"encrypted": true}
#       risk: "The disk is made anew: It cannot be turned on in place: what exists is replaced. Restore it from an encrypted snapshot."
#     - set: {"root_block_device.encrypted": true}
#       risk: "The disk is made anew: It cannot be turned on in place: what exists is replaced. Restore it from an encrypted snapshot."
volume_encryption contains lib.at(r, []) if {
	some r in object.get(input.resources, "aws_instance", [])
	count(lib.blocks(r, "root_block_device")) == 0
	count(lib.blocks(r, "block_device_mappings")) == 0
}

volume_encryption contains lib.at(r, [name, index]) if {
	some kind in {"aws_instance", "aws_launch_configuration"}
	some r in object.get(input.resources, kind, [])
	some name in {"root_block_device", "ebs_block_device"}
	some index, block in lib.blocks(r, name)
	lib.off(object.get(block, "encrypted", null))
}

volume_encryption contains lib.at(r, ["block_device_mappings", index, "ebs", 0]) if {
	some r in machines
	some index, mapping in lib.blocks(r, "block_device_mappings")
	some disk in lib.list(object.get(mapping, "ebs", []))
	lib.off(object.get(disk, "encrypted", null))
}

# METADATA
# scope: document
# title: EBS volume is not encrypted
# description: Snapshots and retired disks can be read by whoever gets hold of them.
# custom:
#   severity: medium
#   remedy: Set encrypted to true.
#   controls: ["CIS-AWS-3.0:2.2.1", "NIST-800-53:SC-28"]
#   fix:
#     - set: {"encrypted": true}
#       risk: "It cannot be turned on in place: what exists is replaced. Restore it from an encrypted snapshot."
ebs_encryption contains lib.at(r, ["encrypted"]) if {
	some r in object.get(input.resources, "aws_ebs_volume", [])
	lib.off(lib.get(r, "encrypted"))
}

# METADATA
# scope: document
# title: EBS volume is not encrypted with a customer key
# description: Only a key of your own can be withdrawn, and its uses are recorded.
# custom:
#   severity: info
#   remedy: Set kms_key_id.
#   controls: ["NIST-800-53:SC-12"]
ebs_customer_key contains lib.at(r, ["kms_key_id"]) if {
	some r in object.get(input.resources, "aws_ebs_volume", [])
	lib.off(lib.get(r, "kms_key_id"))
}

# METADATA
# scope: document
# title: EBS snapshot copy is not encrypted
# description: A plain copy of an encrypted disk can be shared and read.
# custom:
#   severity: medium
#   remedy: Set encrypted to true.
#   controls: ["NIST-800-53:SC-28"]
#   fix:
#     - set: {"encrypted": true}
#       risk: "The copy is made anew."
snapshot_encryption contains lib.at(r, ["encrypted"]) if {
	some r in object.get(input.resources, "aws_ebs_snapshot_copy", [])
	lib.off(lib.get(r, "encrypted"))
}

# METADATA
# scope: document
# title: EBS encryption by default is turned off
# description: Volumes that nobody thought of stay plain.
# custom:
#   severity: medium
#   remedy: Set enabled to true.
#   controls: ["CIS-AWS-3.0:2.2.1"]
#   fix:
#     - set: {"enabled": true}
#       risk: "New volumes are encrypted; instance types that cannot are refused."
default_encryption contains lib.at(r, ["enabled"]) if {
	some r in object.get(input.resources, "aws_ebs_encryption_by_default", [])
	r.attributes.enabled == false
}

# METADATA
# scope: document
# title: User data holds an access key
# description: User data can be read by everyone who can describe the instance, and by every process on it.
# custom:
#   severity: high
#   remedy: Give the instance a role; rotate the key.
#   controls: ["NIST-800-53:IA-5"]
user_data_secret contains lib.at(r, [name]) if {
	some r in machines
	some name in {"user_data", "user_data_base64"}
	some text in written(lib.text(r, name))
	regex.match(`A(KI|SI)A[0-9A-Z]{16}`, text)
}

# A text, and what it is in Base64.
written(text) := [text, base64.decode(text)] if base64.is_valid(text)

written(text) := [text] if not base64.is_valid(text)

# METADATA
# scope: document
# title: Instance has no detailed monitoring
# description: Figures every five minutes miss short attacks and outages.
# custom:
#   severity: info
#   remedy: Set monitoring to true.
#   fix:
#     - set: {"monitoring": true}
#       risk: "Detailed monitoring costs."
monitoring contains lib.at(r, ["monitoring"]) if {
	some r in object.get(input.resources, "aws_instance", [])
	lib.off(lib.get(r, "monitoring"))
}

# METADATA
# scope: document
# title: Instance is not EBS optimised
# description: Disk traffic shares the network with everything else.
# custom:
#   severity: info
#   remedy: Set ebs_optimized to true.
ebs_optimized contains lib.at(r, ["ebs_optimized"]) if {
	some r in object.get(input.resources, "aws_instance", [])
	lib.off(lib.get(r, "ebs_optimized"))
}

# METADATA
# scope: document
# title: Instance has no role
# description: Without a role, software on it needs keys that are kept somewhere.
# custom:
#   severity: info
#   remedy: Set iam_instance_profile.
instance_role contains lib.at(r, []) if {
	some r in object.get(input.resources, "aws_instance", [])
	lib.off(lib.get(r, "iam_instance_profile"))
}
