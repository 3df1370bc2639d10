package gatehouse.checks.aws.s3

import data.gatehouse.lib

buckets := object.get(input.resources, "aws_s3_bucket", [])

# What has a canned ACL, whether or not its bucket is declared here.
listed := array.concat(buckets, object.get(input.resources, "aws_s3_bucket_acl", []))

acls[b.id] contains {"at": r, "acl": r.attributes.acl} if {
	some b in buckets
	some r in array.concat([b], lib.attached(b, "aws_s3_bucket_acl", "bucket"))
}

# METADATA
# scope: document
# title: S3 bucket is open to everyone by its ACL
# description: A public canned ACL lets anyone on the internet list or read the bucket, with public-read-write also write to it.
# custom:
#   severity: high
#   remedy: Set the ACL to private and grant access by bucket policy.
#   controls: ["CIS-AWS-3.0:2.1.4", "NIST-800-53:AC-3"]
#   fix:
#     - base: "found"
#       set: {"": "private"}
#       risk: "Whoever reads the bucket without credentials can no longer."
public_acl contains lib.at(r, ["acl"]) if {
	some r in listed
	r.attributes.acl in {"public-read", "public-read-write", "PublicRead", "PublicReadWrite"}
}

# METADATA
# scope: document
# title: S3 bucket is open to every AWS account by its ACL
# description: authenticated-read means any AWS account in the world, not the accounts of the organisation.
# custom:
#   severity: high
#   remedy: Set the ACL to private and grant access by bucket policy.
#   controls: ["NIST-800-53:AC-3"]
#   fix:
#     - base: "found"
#       set: {"": "private"}
#       risk: "Other accounts that read the bucket can no longer."
authenticated_acl contains lib.at(r, ["acl"]) if {
	some r in listed
	r.attributes.acl in {"authenticated-read", "AuthenticatedRead"}
}

# METADATA
# scope: document
# title: Bucket policy grants access to everyone
# description: A statement that allows any principal without a condition makes the objects public.
# custom:
#   severity: critical
#   remedy: Name the principals, or put the bucket behind CloudFront with an origin access control.
#   controls: ["CIS-AWS-3.0:2.1.4", "NIST-800-53:AC-3"]
public_policy contains lib.at(r, document.path) if {
	some r in array.concat(buckets, object.get(input.resources, "aws_s3_bucket_policy", []))
	some [document, statement] in lib.statements(r)
	statement.effect == "Allow"
	lib.everyone(statement)
	count(statement.conditions) == 0
}

blocks_public(b) if {
	some r in lib.attached(b, "aws_s3_bucket_public_access_block", "bucket")
	not public_holes(r.attributes)
}

blocks_public(b) if {
	some block in lib.blocks(b, "public_access_block_configuration")
	not public_holes(block)
}

public_holes(block) if {
	some name in {"block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"}
	lib.off(object.get(block, name, null))
}

# METADATA
# scope: document
# title: S3 bucket does not block public access
# description: Without all four settings of a public access block, one wrong ACL or policy makes objects public.
# custom:
#   severity: medium
#   remedy: Add an aws_s3_bucket_public_access_block with its four settings true.
#   controls: ["CIS-AWS-3.0:2.1.4", "NIST-800-53:AC-3"]
#   fix:
#     - append: |
#         resource "aws_s3_bucket_public_access_block" "{name}" {
#           bucket                  = aws_s3_bucket.{name}.id
#           block_public_acls       = true
#           block_public_policy     = true
#           ignore_public_acls      = true
#           restrict_public_buckets = true
#         }
#       risk: "Public ACLs and policies of the bucket stop to hold."
public_access_block contains lib.at(b, []) if {
	some b in buckets
	not blocks_public(b)
}

versioned(b) if {
	some block in lib.blocks(b, "versioning")
	not lib.off(object.get(block, "enabled", null))
}

versioned(b) if {
	some r in lib.attached(b, "aws_s3_bucket_versioning", "bucket")
	some block in lib.blocks(r, "versioning_configuration")
	not object.get(block, "status", "Disabled") in {"Disabled", "Suspended"}
}

versioned(b) if {
	some block in lib.blocks(b, "versioning_configuration")
	not object.get(block, "status", "Suspended") == "Suspended"
}

# METADATA
# scope: document
# title: S3 bucket keeps no versions
# description: Without versions, what is overwritten or deleted, by mistake or by ransomware, is gone.
# custom:
#   severity: low
#   remedy: Enable versioning with an aws_s3_bucket_versioning.
#   controls: ["NIST-800-53:CP-9", "PCI-DSS-4.0:10.5.1"]
#   fix:
#     - existing: true
#       set: {"versioning.enabled": true}
#       risk: "Old versions are kept and cost: add a lifecycle rule that ends them."
#     - append: |
#         resource "aws_s3_bucket_versioning" "{name}" {
#           bucket = aws_s3_bucket.{name}.id
#
#           versioning_configuration {
#             status = "Enabled"
#           }
#         }
#       risk: "Old versions are kept and cost: add a lifecycle rule that ends them."
versioning contains lib.at(b, []) if {
	some b in buckets
	not versioned(b)
}

logged(b) if count(lib.blocks(b, "logging")) > 0

logged(b) if count(lib.blocks(b, "logging_configuration")) > 0

logged(b) if count(lib.attached(b, "aws_s3_bucket_logging", "bucket")) > 0

# A bucket that receives logs of access keeps none of its own.
logged(b) if {
	some entry in acls[b.id]
	entry.acl in {"log-delivery-write", "LogDeliveryWrite"}
}

# METADATA
# scope: document
# title: S3 bucket does not log access
# description: Without access logs nobody can tell later who read what.
# custom:
#   severity: low
#   remedy: Add an aws_s3_bucket_logging with a target bucket.
#   controls: ["CIS-AWS-3.0:3.4", "NIST-800-53:AU-2"]
logging contains lib.at(b, []) if {
	some b in buckets
	not logged(b)
}

encrypted(b) if count(lib.blocks(b, "server_side_encryption_configuration")) > 0

encrypted(b) if count(lib.blocks(b, "bucket_encryption")) > 0

encrypted(b) if count(lib.attached(b, "aws_s3_bucket_server_side_encryption_configuration", "bucket")) > 0

# METADATA
# scope: document
# title: S3 bucket has no encryption of its own choice
# description: S3 encrypts with its own keys by default; only a configuration of the bucket keeps it to a key that you control and says so.
# custom:
#   severity: low
#   remedy: Add an aws_s3_bucket_server_side_encryption_configuration with aws:kms and a key.
#   controls: ["CIS-AWS-3.0:2.1.1", "NIST-800-53:SC-28"]
#   fix:
#     - append: |
#         resource "aws_s3_bucket_server_side_encryption_configuration" "{name}" {
#           bucket = aws_s3_bucket.{name}.id
#
#           rule {
#             apply_server_side_encryption_by_default {
#               sse_algorithm = "aws:kms"
#             }
#           }
#         }
#       risk: "Whoever reads the bucket from another account needs the right to use the key."
encryption contains lib.at(b, []) if {
	some b in buckets
	not encrypted(b)
}

uses_kms(b) if {
	some r in array.concat([b], lib.attached(b, "aws_s3_bucket_server_side_encryption_configuration", "bucket"))
	walk(r.attributes, [path, algorithm])
	path[count(path) - 1] == "sse_algorithm"
	lib.maybe(algorithm, {"aws:kms", "aws:kms:dsse"})
}

# METADATA
# scope: document
# title: S3 bucket is not encrypted with a customer key
# description: Only a KMS key gives control over who may decrypt, and a record of each use.
# custom:
#   severity: info
#   remedy: Set sse_algorithm to aws:kms with a kms_master_key_id.
#   controls: ["NIST-800-53:SC-12"]
customer_key contains lib.at(b, []) if {
	some b in buckets
	not uses_kms(b)
}

denies_plain(b) if {
	some r in array.concat([b], lib.attached(b, "aws_s3_bucket_policy", "bucket"))
	some [_, statement] in lib.statements(r)
	statement.effect == "Deny"
	some _, test in statement.conditions
	some key, _ in test
	lower(key) == "aws:securetransport"
}

# METADATA
# scope: document
# title: Bucket policy does not require TLS
# description: S3 answers over plain HTTP too unless a policy denies it.
# custom:
#   severity: low
#   remedy: Deny s3:* where aws:SecureTransport is false.
#   controls: ["CIS-AWS-3.0:2.1.1", "NIST-800-53:SC-8"]
tls_only contains lib.at(b, []) if {
	some b in buckets
	not denies_plain(b)
}

# METADATA
# scope: document
# title: Public access block leaves a hole
# description: Each of the four settings covers a way of its own to make objects public.
# custom:
#   severity: medium
#   remedy: Set block_public_acls, block_public_policy, ignore_public_acls and restrict_public_buckets to true.
#   controls: ["CIS-AWS-3.0:2.1.4"]
#   fix:
#     - base: "found"
#       set: {"": true}
#       risk: "Public ACLs and policies of the bucket stop to hold."
public_access_block_partial contains lib.at(r, [name]) if {
	some kind in {"aws_s3_bucket_public_access_block", "aws_s3_account_public_access_block"}
	some r in object.get(input.resources, kind, [])
	some name in {"block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"}
	lib.off(lib.get(r, name))
}

# METADATA
# scope: document
# title: S3 bucket serves a website
# description: A website endpoint serves over plain HTTP and needs a public bucket.
# custom:
#   severity: info
#   remedy: Serve it with CloudFront and an origin access control, and remove the website configuration.
website contains lib.at(b, ["website", 0]) if {
	some b in buckets
	count(lib.blocks(b, "website")) > 0
}

website contains lib.at(r, []) if {
	some r in object.get(input.resources, "aws_s3_bucket_website_configuration", [])
}
