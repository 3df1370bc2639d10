# silent: aws-data-rds-encryption, aws-data-rds-public, aws-data-rds-backup, aws-data-rds-multi-az
# silent: aws-data-rds-deletion-protection, aws-data-rds-logs, aws-data-rds-iam, aws-data-rds-minor-upgrade
# silent: aws-data-rds-monitoring, aws-data-password-in-code
resource "aws_db_instance" "sound" {
  engine                              = "postgres"
  storage_encrypted                   = true
  publicly_accessible                 = false
  backup_retention_period             = 7
  multi_az                            = true
  deletion_protection                 = true
  enabled_cloudwatch_logs_exports     = ["postgresql"]
  iam_database_authentication_enabled = true
  auto_minor_version_upgrade          = true
  monitoring_interval                 = 60
  password                            = random_password.database.result
}

# fires: aws-data-rds-logs
resource "aws_db_instance" "at_fault" {
  engine                              = "postgres"
  storage_encrypted                   = false # fires: aws-data-rds-encryption
  publicly_accessible                 = true # fires: aws-data-rds-public
  backup_retention_period             = 0 # fires: aws-data-rds-backup
  multi_az                            = false # fires: aws-data-rds-multi-az
  deletion_protection                 = false # fires: aws-data-rds-deletion-protection
  enabled_cloudwatch_logs_exports     = []
  iam_database_authentication_enabled = false # fires: aws-data-rds-iam
  auto_minor_version_upgrade          = false # fires: aws-data-rds-minor-upgrade
  monitoring_interval                 = 0 # fires: aws-data-rds-monitoring
  password                            = "not a real one" # fires: aws-data-password-in-code
}

# An instance that says nothing has no backups; one of a cluster has the cluster's.
# fires: aws-data-rds-encryption, aws-data-rds-backup, aws-data-rds-multi-az, aws-data-rds-deletion-protection
# fires: aws-data-rds-logs, aws-data-rds-iam, aws-data-rds-monitoring
resource "aws_db_instance" "bare" {
  engine = "postgres"
}

# silent: aws-data-rds-public, aws-data-rds-minor-upgrade
resource "aws_db_instance" "by_default" {
  engine = "postgres"
}

# A replica is as its source is.
# silent: aws-data-rds-encryption, aws-data-rds-backup
resource "aws_db_instance" "replica" {
  replicate_source_db = aws_db_instance.sound.identifier
}

# silent: aws-data-rds-backup, aws-data-rds-encryption
resource "aws_rds_cluster" "a_day" {
  storage_encrypted = true
}

# fires: aws-data-rds-logs
resource "aws_neptune_cluster" "unheard" {
  storage_encrypted = true
}

# silent: aws-data-rds-logs
resource "aws_neptune_cluster" "heard" {
  storage_encrypted              = true
  enable_cloudwatch_logs_exports = ["audit"]
}

# silent: aws-data-redshift-encryption, aws-data-redshift-logging, aws-data-password-in-code, aws-data-rds-public
resource "aws_redshift_cluster" "sound" {
  encrypted           = true
  publicly_accessible = false
  master_password     = random_password.warehouse.result
}

resource "aws_redshift_logging" "sound" {
  cluster_identifier = aws_redshift_cluster.sound.id
}

# fires: aws-data-redshift-logging
resource "aws_redshift_cluster" "at_fault" {
  encrypted           = false # fires: aws-data-redshift-encryption
  publicly_accessible = true # fires: aws-data-rds-public
  master_password     = "not a real one" # fires: aws-data-password-in-code
}

# fires: aws-data-dynamodb-key, aws-data-dynamodb-recovery
resource "aws_dynamodb_table" "bare" {
  name = "orders"
}

# silent: aws-data-dynamodb-key, aws-data-dynamodb-recovery
resource "aws_dynamodb_table" "sound" {
  name = "orders"
  server_side_encryption {
    enabled = true
  }
  point_in_time_recovery {
    enabled = true
  }
}

# fires: aws-data-dynamodb-key, aws-data-dynamodb-recovery
resource "aws_dynamodb_table" "off" {
  name = "orders"
  server_side_encryption {
    enabled = false
  }
  point_in_time_recovery {
    enabled = false
  }
}

# fires: aws-data-dax-encryption
resource "aws_dax_cluster" "plain" {
  server_side_encryption {
    enabled = false
  }
}

# silent: aws-data-dax-encryption
resource "aws_dax_cluster" "encrypted" {
  server_side_encryption {
    enabled = true
  }
}

# silent: aws-data-elasticache-at-rest, aws-data-elasticache-transit
resource "aws_elasticache_replication_group" "sound" {
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
}

resource "aws_elasticache_replication_group" "at_fault" {
  at_rest_encryption_enabled = false # fires: aws-data-elasticache-at-rest
  transit_encryption_enabled = false # fires: aws-data-elasticache-transit
}

# fires: aws-data-elasticache-backup
resource "aws_elasticache_cluster" "lost" {
  engine = "redis"
}

# silent: aws-data-elasticache-backup
resource "aws_elasticache_cluster" "kept" {
  engine                   = "redis"
  snapshot_retention_limit = 7
}

# Memcached has no snapshots.
# silent: aws-data-elasticache-backup
resource "aws_elasticache_cluster" "memcached" {
  engine = "memcached"
}

# fires: aws-data-efs-encryption
resource "aws_efs_file_system" "plain" {
}

# silent: aws-data-efs-encryption
resource "aws_efs_file_system" "encrypted" {
  encrypted = true
}

# silent: aws-data-search-at-rest, aws-data-search-node-to-node, aws-data-search-https, aws-data-search-tls
# silent: aws-data-search-logs, aws-data-search-vpc
resource "aws_opensearch_domain" "sound" {
  encrypt_at_rest {
    enabled = true
  }
  node_to_node_encryption {
    enabled = true
  }
  domain_endpoint_options {
    enforce_https       = true
    tls_security_policy = "Policy-Min-TLS-1-2-2019-07"
  }
  log_publishing_options {
    log_type                 = "AUDIT_LOGS"
    cloudwatch_log_group_arn = "arn:aws:logs:eu-west-1:123456789012:log-group:search"
  }
  vpc_options {
    subnet_ids = ["subnet-0a1b2c3d"]
  }
}

# fires: aws-data-search-at-rest, aws-data-search-node-to-node, aws-data-search-https, aws-data-search-logs
# fires: aws-data-search-vpc
resource "aws_opensearch_domain" "at_fault" {
  encrypt_at_rest {
    enabled = false
  }
  node_to_node_encryption {
    enabled = false
  }
  domain_endpoint_options { # fires: aws-data-search-tls
    enforce_https       = false
    tls_security_policy = "Policy-Min-TLS-1-0-2019-07"
  }
}

# fires: aws-data-athena-encryption
resource "aws_athena_database" "plain" {
  bucket = "answers"
}

# silent: aws-data-athena-encryption
resource "aws_athena_database" "encrypted" {
  bucket = "answers"
  encryption_configuration {
    encryption_option = "SSE_KMS"
    kms_key           = "arn:aws:kms:eu-west-1:123456789012:key/answers"
  }
}

resource "aws_athena_workgroup" "free" {
  configuration { # fires: aws-data-athena-workgroup
    enforce_workgroup_configuration = false
  }
}

# silent: aws-data-athena-workgroup
resource "aws_athena_workgroup" "bound" {
  configuration {
    enforce_workgroup_configuration = true
  }
}

# fires: aws-data-kinesis-encryption
resource "aws_kinesis_stream" "plain" {
  encryption_type = "NONE"
}

# silent: aws-data-kinesis-encryption
resource "aws_kinesis_stream" "encrypted" {
  encryption_type = "KMS"
  kms_key_id      = "alias/aws/kinesis"
}

resource "aws_msk_cluster" "plain" {
  encryption_info { # fires: aws-data-msk-encryption
    encryption_in_transit {
      client_broker = "TLS_PLAINTEXT"
    }
  }
}

# silent: aws-data-msk-encryption
resource "aws_msk_cluster" "encrypted" {
  encryption_info {
    encryption_in_transit {
      client_broker = "TLS"
    }
  }
}

# fires: aws-data-docdb-logs
resource "aws_docdb_cluster" "profiled" {
  enabled_cloudwatch_logs_exports = ["profiler"]
}

# silent: aws-data-docdb-logs
resource "aws_docdb_cluster" "audited" {
  enabled_cloudwatch_logs_exports = ["audit", "profiler"]
}
