package gatehouse.checks.aws.data

import data.gatehouse.lib

# METADATA
# scope: document
# title: Database is not encrypted at rest
# description: Snapshots, backups and replicas of a plain database are plain.
# custom:
#   severity: high
#   remedy: Set storage_encrypted to true; an existing database has to be restored from an encrypted snapshot.
#   controls: ["CIS-AWS-3.0:2.3.1", "NIST-800-53:SC-28"]
#   fix:
#     - set: {"storage_encrypted": true}
#       risk: "It cannot be turned on in place: what exists is replaced. Restore it from an encrypted snapshot."
rds_encryption contains lib.at(r, ["storage_encrypted"]) if {
	some kind in {"aws_db_instance", "aws_rds_cluster", "aws_neptune_cluster", "aws_docdb_cluster", "aws_rds_global_cluster"}
	some r in object.get(input.resources, kind, [])
	lib.off(lib.get(r, "storage_encrypted"))
	lib.text(r, "replicate_source_db") == ""
}

# METADATA
# scope: document
# title: Database has a public address
# description: A database that the internet can reach is one weak password away from being copied.
# custom:
#   severity: critical
#   remedy: Set publicly_accessible to false.
#   controls: ["CIS-AWS-3.0:2.3.3", "NIST-800-53:SC-7"]
#   fix:
#     - set: {"publicly_accessible": false}
#       risk: "Clients outside of the VPC no longer reach it."
rds_public contains lib.at(r, ["publicly_accessible"]) if {
	some kind in {"aws_db_instance", "aws_rds_cluster_instance", "aws_neptune_cluster_instance", "aws_dms_replication_instance", "aws_redshift_cluster"}
	some r in object.get(input.resources, kind, [])
	lib.on(lib.get(r, "publicly_accessible"))
}

# METADATA
# scope: document
# title: Database keeps no backups
# description: With a retention of 0 there is nothing to restore from.
# custom:
#   severity: medium
#   remedy: Set backup_retention_period to 7 days or more.
#   controls: ["NIST-800-53:CP-9"]
#   fix:
#     - set: {"backup_retention_period": 7}
#       risk: "Backups cost; turning them on restarts some engines."
rds_backup contains lib.at(r, ["backup_retention_period"]) if {
	some kind in {"aws_db_instance", "aws_rds_cluster", "aws_neptune_cluster", "aws_docdb_cluster"}
	some r in object.get(input.resources, kind, [])
	object.get(r.attributes, "backup_retention_period", kept_by_default(r)) in {0, "0"}
	lib.text(r, "replicate_source_db") == ""
}

# Days: Terraform asks for none for an instance, CloudFormation for one, and clusters have one.
kept_by_default(r) := 0 if {
	r.type == "aws_db_instance"
	r.format == "terraform"
} else := 1

# METADATA
# scope: document
# title: Database stands in one zone
# description: A zone that fails takes the database with it.
# custom:
#   severity: info
#   remedy: Set multi_az to true.
rds_multi_az contains lib.at(r, ["multi_az"]) if {
	some r in object.get(input.resources, "aws_db_instance", [])
	lib.off(lib.get(r, "multi_az"))
}

# METADATA
# scope: document
# title: Database may be deleted by one call
# description: One mistake or one stolen key deletes it.
# custom:
#   severity: low
#   remedy: Set deletion_protection to true.
#   fix:
#     - set: {"deletion_protection": true}
#       risk: "terraform destroy fails until it is turned off."
rds_deletion_protection contains lib.at(r, ["deletion_protection"]) if {
	some kind in {"aws_db_instance", "aws_rds_cluster", "aws_docdb_cluster", "aws_neptune_cluster"}
	some r in object.get(input.resources, kind, [])
	lib.off(lib.get(r, "deletion_protection"))
}

# METADATA
# scope: document
# title: Database exports no logs
# description: Logs on the instance are gone with it, and nobody is alerted by them.
# custom:
#   severity: low
#   remedy: List the logs in enabled_cloudwatch_logs_exports.
#   controls: ["NIST-800-53:AU-2"]
rds_logs contains lib.at(r, []) if {
	some kind in {"aws_db_instance", "aws_rds_cluster"}
	some r in object.get(input.resources, kind, [])
	count(lib.strings(lib.get(r, "enabled_cloudwatch_logs_exports"))) == 0
}

rds_logs contains lib.at(r, []) if {
	some kind in {"aws_neptune_cluster"}
	some r in object.get(input.resources, kind, [])
	count(lib.strings(lib.get(r, "enable_cloudwatch_logs_exports"))) == 0
}

# METADATA
# scope: document
# title: Database knows passwords only
# description: With IAM authentication access ends with the identity, and there is no password to leak.
# custom:
#   severity: low
#   remedy: Set iam_database_authentication_enabled to true.
#   controls: ["NIST-800-53:IA-2"]
#   fix:
#     - set: {"iam_database_authentication_enabled": true}
#       risk: "Not every engine and version has it."
rds_iam contains lib.at(r, ["iam_database_authentication_enabled"]) if {
	some kind in {"aws_db_instance", "aws_rds_cluster", "aws_neptune_cluster"}
	some r in object.get(input.resources, kind, [])
	lib.off(lib.get(r, "iam_database_authentication_enabled"))
}

# METADATA
# scope: document
# title: Database takes no minor upgrades
# description: Fixes of the engine arrive as minor versions.
# custom:
#   severity: low
#   remedy: Set auto_minor_version_upgrade to true.
#   controls: ["CIS-AWS-3.0:2.3.2", "NIST-800-53:SI-2"]
#   fix:
#     - set: {"auto_minor_version_upgrade": true}
#       risk: "Minor versions are installed in the maintenance window."
rds_minor_upgrade contains lib.at(r, ["auto_minor_version_upgrade"]) if {
	some kind in {"aws_db_instance", "aws_rds_cluster_instance"}
	some r in object.get(input.resources, kind, [])
	r.attributes.auto_minor_version_upgrade in {false, "false"}
}

# METADATA
# scope: document
# title: Database has no enhanced monitoring
# description: Without figures of the operating system, what slows a database is guessed.
# custom:
#   severity: info
#   remedy: Set monitoring_interval to 60.
rds_monitoring contains lib.at(r, ["monitoring_interval"]) if {
	some kind in {"aws_db_instance", "aws_rds_cluster_instance"}
	some r in object.get(input.resources, kind, [])
	lib.off(lib.get(r, "monitoring_interval"))
}

# METADATA
# scope: document
# title: Master password stands in the configuration
# description: It is in the repository, in every clone and in the state.
# custom:
#   severity: high
#   remedy: Set manage_master_user_password, or take the password from Secrets Manager; change this one.
#   controls: ["NIST-800-53:IA-5"]
password_in_code contains lib.at(r, [name]) if {
	some kind in {"aws_db_instance", "aws_rds_cluster", "aws_docdb_cluster", "aws_redshift_cluster", "aws_neptune_cluster"}
	some r in object.get(input.resources, kind, [])
	some name in {"password", "master_password"}
	value := lib.text(r, name)
	value != ""
	not lib.unknown(value)
}

# METADATA
# scope: document
# title: Redshift cluster is not encrypted at rest
# description: Snapshots of a plain cluster are plain.
# custom:
#   severity: high
#   remedy: Set encrypted to true.
#   controls: ["NIST-800-53:SC-28"]
#   fix:
#     - set: {"encrypted": true}
#       risk: "The cluster is migrated and is read-only meanwhile."
redshift_encryption contains lib.at(r, ["encrypted"]) if {
	some r in object.get(input.resources, "aws_redshift_cluster", [])
	lib.off(lib.get(r, "encrypted"))
}

# METADATA
# scope: document
# title: Redshift cluster does not log
# description: Without logs nobody can tell who queried what.
# custom:
#   severity: low
#   remedy: Enable logging.
#   controls: ["NIST-800-53:AU-2"]
redshift_logging contains lib.at(r, []) if {
	some r in object.get(input.resources, "aws_redshift_cluster", [])
	count(lib.linked(r, "aws_redshift_logging")) == 0
	not redshift_logs(r)
}

redshift_logs(r) if {
	some block in lib.blocks(r, "logging")
	not lib.off(object.get(block, "enable", true))
}

# METADATA
# scope: document
# title: DynamoDB table is not encrypted with a customer key
# description: AWS's own key cannot be withdrawn, and its uses are not recorded.
# custom:
#   severity: info
#   remedy: Set server_side_encryption with a kms_key_arn.
#   controls: ["NIST-800-53:SC-12"]
#   fix:
#     - set: {"server_side_encryption.enabled": true}
#       risk: "Readers need the right to use the key."
dynamodb_key contains lib.at(r, []) if {
	some r in object.get(input.resources, "aws_dynamodb_table", [])
	not dynamodb_kms(r)
}

dynamodb_kms(r) if {
	some block in lib.blocks(r, "server_side_encryption")
	not lib.off(object.get(block, "enabled", null))
}

# METADATA
# scope: document
# title: DynamoDB table cannot be set back in time
# description: What is overwritten by mistake is lost without point-in-time recovery.
# custom:
#   severity: low
#   remedy: Set point_in_time_recovery.enabled to true.
#   controls: ["NIST-800-53:CP-9"]
#   fix:
#     - set: {"point_in_time_recovery.enabled": true}
#       risk: "Backups cost."
dynamodb_recovery contains lib.at(r, []) if {
	some r in object.get(input.resources, "aws_dynamodb_table", [])
	not recovers(r)
}

recovers(r) if {
	some block in lib.blocks(r, "point_in_time_recovery")
	not lib.off(object.get(block, "enabled", null))
}

# METADATA
# scope: document
# title: DAX cluster is not encrypted at rest
# description: The cache holds the tables' data in the clear.
# custom:
#   severity: medium
#   remedy: Set server_side_encryption.enabled to true.
#   fix:
#     - set: {"server_side_encryption.enabled": true}
#       risk: "The cluster is made anew."
dax_encryption contains lib.at(r, []) if {
	some r in object.get(input.resources, "aws_dax_cluster", [])
	not dynamodb_kms(r)
}

# METADATA
# scope: document
# title: ElastiCache group is not encrypted at rest
# description: Backups and swapped memory are plain.
# custom:
#   severity: medium
#   remedy: Set at_rest_encryption_enabled to true.
#   controls: ["NIST-800-53:SC-28"]
#   fix:
#     - set: {"at_rest_encryption_enabled": true}
#       risk: "The group is made anew."
elasticache_at_rest contains lib.at(r, ["at_rest_encryption_enabled"]) if {
	some r in object.get(input.resources, "aws_elasticache_replication_group", [])
	lib.off(lib.get(r, "at_rest_encryption_enabled"))
}

# METADATA
# scope: document
# title: ElastiCache group takes plain connections
# description: What the cache holds crosses the network in the clear, and without authentication.
# custom:
#   severity: medium
#   remedy: Set transit_encryption_enabled to true.
#   controls: ["NIST-800-53:SC-8"]
#   fix:
#     - set: {"transit_encryption_enabled": true}
#       risk: "Clients have to connect with TLS."
elasticache_transit contains lib.at(r, ["transit_encryption_enabled"]) if {
	some r in object.get(input.resources, "aws_elasticache_replication_group", [])
	lib.off(lib.get(r, "transit_encryption_enabled"))
}

# METADATA
# scope: document
# title: ElastiCache cluster keeps no snapshots
# description: What is in the cache only is lost with it.
# custom:
#   severity: low
#   remedy: Set snapshot_retention_limit.
elasticache_backup contains lib.at(r, []) if {
	some r in object.get(input.resources, "aws_elasticache_cluster", [])
	lib.text(r, "engine") == "redis"
	lib.off(lib.get(r, "snapshot_retention_limit"))
}

# METADATA
# scope: document
# title: EFS file system is not encrypted at rest
# description: Backups of it are plain, too.
# custom:
#   severity: medium
#   remedy: Set encrypted to true.
#   controls: ["CIS-AWS-3.0:2.4.1", "NIST-800-53:SC-28"]
#   fix:
#     - set: {"encrypted": true}
#       risk: "The file system is made anew: copy the files."
efs_encryption contains lib.at(r, ["encrypted"]) if {
	some r in object.get(input.resources, "aws_efs_file_system", [])
	lib.off(lib.get(r, "encrypted"))
}

# METADATA
# scope: document
# title: Search domain is not encrypted at rest
# description: Indices and snapshots are plain.
# custom:
#   severity: medium
#   remedy: Set encrypt_at_rest.enabled to true.
#   controls: ["NIST-800-53:SC-28"]
#   fix:
#     - set: {"encrypt_at_rest.enabled": true}
#       risk: "Old versions make the domain anew."
search_at_rest contains lib.at(r, []) if {
	some r in domains
	not enabled(r, "encrypt_at_rest")
}

domains := [r |
	some kind in ["aws_elasticsearch_domain", "aws_opensearch_domain"]
	some r in object.get(input.resources, kind, [])
]

enabled(r, name) if {
	some block in lib.blocks(r, name)
	not lib.off(object.get(block, "enabled", null))
}

# METADATA
# scope: document
# title: Nodes of the search domain talk in the clear
# description: Documents cross the network between the nodes.
# custom:
#   severity: medium
#   remedy: Set node_to_node_encryption.enabled to true.
#   controls: ["NIST-800-53:SC-8"]
#   fix:
#     - set: {"node_to_node_encryption.enabled": true}
#       risk: "Old versions make the domain anew."
search_node_to_node contains lib.at(r, []) if {
	some r in domains
	not enabled(r, "node_to_node_encryption")
}

# METADATA
# scope: document
# title: Search domain answers over plain HTTP
# description: Queries, answers and credentials can be read and changed on the way.
# custom:
#   severity: medium
#   remedy: Set domain_endpoint_options.enforce_https to true.
#   controls: ["NIST-800-53:SC-8"]
#   fix:
#     - set: {"domain_endpoint_options.enforce_https": true}
#       risk: "Clients have to use HTTPS."
search_https contains lib.at(r, []) if {
	some r in domains
	not search_https_on(r)
}

search_https_on(r) if {
	some block in lib.blocks(r, "domain_endpoint_options")
	not lib.off(object.get(block, "enforce_https", null))
}

# METADATA
# scope: document
# title: Search domain takes old TLS
# description: TLS 1.0 and 1.1 have known weaknesses.
# custom:
#   severity: low
#   remedy: Set tls_security_policy to Policy-Min-TLS-1-2-2019-07.
#   controls: ["NIST-800-53:SC-8"]
#   fix:
#     - base: "found"
#       set: {"tls_security_policy": "Policy-Min-TLS-1-2-2019-07"}
#       risk: "Clients that know TLS 1.0 and 1.1 only fail."
search_tls contains lib.at(r, ["domain_endpoint_options", index]) if {
	some r in domains
	some index, block in lib.blocks(r, "domain_endpoint_options")
	block.tls_security_policy == "Policy-Min-TLS-1-0-2019-07"
}

# METADATA
# scope: document
# title: Search domain publishes no logs
# description: Nobody can tell who searched or changed what.
# custom:
#   severity: low
#   remedy: Add log_publishing_options for AUDIT_LOGS.
#   controls: ["NIST-800-53:AU-2"]
search_logs contains lib.at(r, []) if {
	some r in domains
	count(lib.blocks(r, "log_publishing_options")) == 0
}

# METADATA
# scope: document
# title: Search domain is reachable from the internet
# description: Only a policy stands between the domain and everyone.
# custom:
#   severity: medium
#   remedy: Put it into a VPC with vpc_options.
#   controls: ["NIST-800-53:SC-7"]
search_vpc contains lib.at(r, []) if {
	some r in domains
	count(lib.blocks(r, "vpc_options")) == 0
}

# METADATA
# scope: document
# title: Results of Athena are not encrypted
# description: Answers to queries stay in S3 in the clear.
# custom:
#   severity: low
#   remedy: Set encryption_configuration.
#   controls: ["NIST-800-53:SC-28"]
athena_encryption contains lib.at(r, []) if {
	some r in object.get(input.resources, "aws_athena_database", [])
	count(lib.blocks(r, "encryption_configuration")) == 0
}

# METADATA
# scope: document
# title: Athena workgroup lets clients choose encryption
# description: Clients can turn encryption off for their results.
# custom:
#   severity: low
#   remedy: Set configuration.enforce_workgroup_configuration to true.
#   fix:
#     - base: "found"
#       set: {"enforce_workgroup_configuration": true}
#       risk: "Clients' own settings are passed over."
athena_workgroup contains lib.at(r, ["configuration", index]) if {
	some r in object.get(input.resources, "aws_athena_workgroup", [])
	some index, block in lib.blocks(r, "configuration")
	block.enforce_workgroup_configuration in {false, "false"}
}

# METADATA
# scope: document
# title: Kinesis stream is not encrypted
# description: Records lie on AWS's disks in the clear.
# custom:
#   severity: medium
#   remedy: Set encryption_type to KMS.
#   controls: ["NIST-800-53:SC-28"]
#   fix:
#     - set: {"encryption_type": "KMS", "kms_key_id": "alias/aws/kinesis"}
#       risk: "Producers and consumers need the right to use the key."
kinesis_encryption contains lib.at(r, []) if {
	some r in object.get(input.resources, "aws_kinesis_stream", [])
	not lib.maybe(object.get(r.attributes, "encryption_type", "NONE"), {"KMS"})
}

# METADATA
# scope: document
# title: Kafka takes plain connections
# description: Records cross the network in the clear.
# custom:
#   severity: medium
#   remedy: Set encryption_info.encryption_in_transit.client_broker to TLS.
#   controls: ["NIST-800-53:SC-8"]
#   fix:
#     - base: "found"
#       existing: true
#       set: {"encryption_in_transit.client_broker": "TLS"}
#       risk: "Clients have to connect with TLS."
msk_encryption contains lib.at(r, ["encryption_info", index]) if {
	some r in object.get(input.resources, "aws_msk_cluster", [])
	some index, block in lib.blocks(r, "encryption_info")
	some transit in lib.list(object.get(block, "encryption_in_transit", []))
	transit.client_broker in {"PLAINTEXT", "TLS_PLAINTEXT"}
}

# METADATA
# scope: document
# title: DocumentDB publishes no audit log
# description: Nobody can tell who read what.
# custom:
#   severity: low
#   remedy: Add audit to enabled_cloudwatch_logs_exports.
docdb_logs contains lib.at(r, []) if {
	some r in object.get(input.resources, "aws_docdb_cluster", [])
	not "audit" in lib.strings(lib.get(r, "enabled_cloudwatch_logs_exports"))
}
