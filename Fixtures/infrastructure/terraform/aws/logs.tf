# silent: aws-logs-trail-regions, aws-logs-trail-validation, aws-logs-trail-key, aws-logs-trail-off, aws-logs-trail-alerts
resource "aws_cloudtrail" "sound" {
  is_multi_region_trail      = true
  enable_log_file_validation = true
  enable_logging             = true
  kms_key_id                 = "arn:aws:kms:eu-west-1:123456789012:key/trail"
  cloud_watch_logs_group_arn = "arn:aws:logs:eu-west-1:123456789012:log-group:trail:*"
}

resource "aws_cloudtrail" "at_fault" {
  is_multi_region_trail      = false # fires: aws-logs-trail-regions
  enable_log_file_validation = false # fires: aws-logs-trail-validation
  enable_logging             = false # fires: aws-logs-trail-off
}

# What Terraform leaves off is off, save for the logging itself.
# fires: aws-logs-trail-regions, aws-logs-trail-validation, aws-logs-trail-key, aws-logs-trail-alerts
resource "aws_cloudtrail" "bare" {
}

# silent: aws-logs-trail-off
resource "aws_cloudtrail" "on_by_default" {
}

# silent: aws-logs-group-retention, aws-logs-group-key
resource "aws_cloudwatch_log_group" "sound" {
  retention_in_days = 365
  kms_key_id        = "arn:aws:kms:eu-west-1:123456789012:key/logs"
}

# fires: aws-logs-group-retention
resource "aws_cloudwatch_log_group" "for_ever" {
  kms_key_id = "arn:aws:kms:eu-west-1:123456789012:key/logs"
}

resource "aws_cloudwatch_log_group" "a_week" {
  retention_in_days = 7 # fires: aws-logs-group-retention
  kms_key_id        = "arn:aws:kms:eu-west-1:123456789012:key/logs"
}

# fires: aws-logs-group-key
resource "aws_cloudwatch_log_group" "keyed_by_aws" {
  retention_in_days = 365
}

resource "aws_config_configuration_recorder" "some" {
  recording_group { # fires: aws-logs-config-all
    all_supported = false
  }
}

# silent: aws-logs-config-all
resource "aws_config_configuration_recorder" "all" {
  recording_group {
    all_supported = true
  }
}

resource "aws_guardduty_detector" "off" {
  enable = false # fires: aws-logs-guardduty-off
}

# silent: aws-logs-guardduty-off
resource "aws_guardduty_detector" "on" {
  enable = true
}
