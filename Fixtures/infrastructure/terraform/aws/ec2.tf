# silent: aws-ec2-imds-v2, aws-ec2-public-ip, aws-ec2-volume-encryption, aws-ec2-user-data-secret
# silent: aws-ec2-monitoring, aws-ec2-ebs-optimized, aws-ec2-instance-role
resource "aws_instance" "sound" {
  associate_public_ip_address = false
  user_data                   = "#!/bin/sh\naws s3 cp s3://setup/run.sh - | sh"
  monitoring                  = true
  ebs_optimized               = true
  iam_instance_profile        = "app"
  metadata_options {
    http_tokens = "required"
  }
  root_block_device {
    encrypted = true
  }
}

# fires: aws-ec2-imds-v2, aws-ec2-volume-encryption, aws-ec2-monitoring, aws-ec2-ebs-optimized, aws-ec2-instance-role
resource "aws_instance" "bare" {
}

# fires: aws-ec2-imds-v2
resource "aws_instance" "old_metadata" {
  metadata_options {
    http_tokens = "optional"
  }
}

# silent: aws-ec2-imds-v2
resource "aws_instance" "no_metadata" {
  metadata_options {
    http_endpoint = "disabled"
  }
}

resource "aws_instance" "reachable" {
  associate_public_ip_address = true # fires: aws-ec2-public-ip
  user_data                   = "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE" # fires: aws-ec2-user-data-secret
  monitoring                  = false # fires: aws-ec2-monitoring
  ebs_optimized               = false # fires: aws-ec2-ebs-optimized
  root_block_device { # fires: aws-ec2-volume-encryption
    encrypted = false
  }
}

resource "aws_launch_template" "reachable" {
  user_data = base64encode("AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE") # fires: aws-ec2-user-data-secret
  network_interfaces { # fires: aws-ec2-public-ip
    associate_public_ip_address = true
  }
  block_device_mappings {
    device_name = "/dev/sdf"
    ebs { # fires: aws-ec2-volume-encryption
      volume_size = 10
    }
  }
}

# silent: aws-ec2-public-ip, aws-ec2-volume-encryption, aws-ec2-user-data-secret, aws-ec2-imds-v2
resource "aws_launch_template" "sound" {
  user_data = base64encode("AWS_REGION=eu-west-1")
  network_interfaces {
    associate_public_ip_address = false
  }
  block_device_mappings {
    device_name = "/dev/sdf"
    ebs {
      volume_size = 10
      encrypted   = true
    }
  }
  metadata_options {
    http_tokens = "required"
  }
}

# silent: aws-ec2-ebs-encryption, aws-ec2-ebs-customer-key
resource "aws_ebs_volume" "sound" {
  encrypted  = true
  kms_key_id = "arn:aws:kms:eu-west-1:123456789012:key/disks"
}

resource "aws_ebs_volume" "plain" {
  encrypted  = false # fires: aws-ec2-ebs-encryption
  kms_key_id = "arn:aws:kms:eu-west-1:123456789012:key/disks"
}

# fires: aws-ec2-ebs-customer-key
resource "aws_ebs_volume" "keyed_by_aws" {
  encrypted = true
}

# fires: aws-ec2-snapshot-encryption
resource "aws_ebs_snapshot_copy" "plain" {
  source_snapshot_id = "snap-0a1b2c3d"
}

# silent: aws-ec2-snapshot-encryption
resource "aws_ebs_snapshot_copy" "encrypted" {
  source_snapshot_id = "snap-0a1b2c3d"
  encrypted          = true
}

resource "aws_ebs_encryption_by_default" "off" {
  enabled = false # fires: aws-ec2-default-encryption
}

# silent: aws-ec2-default-encryption
resource "aws_ebs_encryption_by_default" "on" {
  enabled = true
}
