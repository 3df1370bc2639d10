# silent: aws-compute-lambda-tracing, aws-compute-lambda-vpc, aws-compute-lambda-dead-letters
# silent: aws-compute-lambda-concurrency, aws-compute-lambda-signing, aws-compute-lambda-environment-key
# silent: aws-compute-lambda-environment-secret, aws-compute-lambda-runtime
resource "aws_lambda_function" "sound" {
  runtime                        = "python3.13"
  reserved_concurrent_executions = 10
  code_signing_config_arn        = "arn:aws:lambda:eu-west-1:123456789012:code-signing-config:csc-0a1b2c3d"
  kms_key_arn                    = "arn:aws:kms:eu-west-1:123456789012:key/functions"
  tracing_config {
    mode = "Active"
  }
  vpc_config {
    subnet_ids         = ["subnet-0a1b2c3d"]
    security_group_ids = ["sg-0a1b2c3d"]
  }
  dead_letter_config {
    target_arn = "arn:aws:sqs:eu-west-1:123456789012:lost"
  }
  environment {
    variables = {
      REGION = "eu-west-1"
    }
  }
}

# fires: aws-compute-lambda-tracing, aws-compute-lambda-vpc, aws-compute-lambda-dead-letters
# fires: aws-compute-lambda-concurrency, aws-compute-lambda-signing, aws-compute-lambda-environment-key
resource "aws_lambda_function" "at_fault" {
  runtime = "python3.7" # fires: aws-compute-lambda-runtime
  environment {
    variables = {
      REGION = "eu-west-1"
      KEY    = "AKIAIOSFODNN7EXAMPLE" # fires: aws-compute-lambda-environment-secret
    }
  }
}

# What says that it does not is as what says nothing.
# fires: aws-compute-lambda-tracing, aws-compute-lambda-concurrency
resource "aws_lambda_function" "passes_through" {
  reserved_concurrent_executions = -1
  tracing_config {
    mode = "PassThrough"
  }
}

# Images are signed elsewhere; what has no variables needs no key for them.
# silent: aws-compute-lambda-signing, aws-compute-lambda-environment-key
resource "aws_lambda_function" "image" {
  package_type = "Image"
}

resource "aws_lambda_permission" "anyone" {
  function_name = "orders"
  action        = "lambda:InvokeFunction"
  principal     = "*" # fires: aws-compute-lambda-public
}

# silent: aws-compute-lambda-public
resource "aws_lambda_permission" "organisation" {
  function_name    = "orders"
  action           = "lambda:InvokeFunction"
  principal        = "*"
  principal_org_id = "o-1a2b3c4d5e"
}

# fires: aws-compute-lambda-permission-source
resource "aws_lambda_permission" "any_topic" {
  function_name = "orders"
  action        = "lambda:InvokeFunction"
  principal     = "sns.amazonaws.com"
}

# silent: aws-compute-lambda-permission-source
resource "aws_lambda_permission" "one_topic" {
  function_name = "orders"
  action        = "lambda:InvokeFunction"
  principal     = "sns.amazonaws.com"
  source_arn    = "arn:aws:sns:eu-west-1:123456789012:orders"
}

resource "aws_lambda_function_url" "open" {
  function_name      = "orders"
  authorization_type = "NONE" # fires: aws-compute-lambda-url-public
}

# silent: aws-compute-lambda-url-public
resource "aws_lambda_function_url" "signed" {
  function_name      = "orders"
  authorization_type = "AWS_IAM"
}

# silent: aws-compute-eks-public-endpoint, aws-compute-eks-secrets, aws-compute-eks-logs
resource "aws_eks_cluster" "sound" {
  enabled_cluster_log_types = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
  vpc_config {
    endpoint_public_access = false
  }
  encryption_config {
    resources = ["secrets"]
    provider {
      key_arn = "arn:aws:kms:eu-west-1:123456789012:key/cluster"
    }
  }
}

# The endpoint is public unless something is said.
# fires: aws-compute-eks-public-endpoint, aws-compute-eks-secrets, aws-compute-eks-logs
resource "aws_eks_cluster" "at_fault" {
  enabled_cluster_log_types = ["api", "audit"]
  vpc_config {
    endpoint_private_access = true
  }
}

# silent: aws-compute-eks-public-endpoint
resource "aws_eks_cluster" "for_the_office" {
  vpc_config {
    endpoint_public_access = true
    public_access_cidrs    = ["192.0.2.0/24"]
  }
}

resource "aws_eks_node_group" "ssh" {
  remote_access { # fires: aws-compute-eks-ssh
    ec2_ssh_key = "operators"
  }
}

# silent: aws-compute-eks-ssh
resource "aws_eks_node_group" "ssh_from_a_bastion" {
  remote_access {
    ec2_ssh_key               = "operators"
    source_security_group_ids = ["sg-0a1b2c3d"]
  }
}

# silent: aws-compute-ecr-scan, aws-compute-ecr-immutable, aws-compute-ecr-key
resource "aws_ecr_repository" "sound" {
  image_tag_mutability = "IMMUTABLE"
  image_scanning_configuration {
    scan_on_push = true
  }
  encryption_configuration {
    encryption_type = "KMS"
  }
}

# fires: aws-compute-ecr-scan, aws-compute-ecr-immutable, aws-compute-ecr-key
resource "aws_ecr_repository" "at_fault" {
  image_tag_mutability = "MUTABLE"
  image_scanning_configuration {
    scan_on_push = false
  }
  encryption_configuration {
    encryption_type = "AES256"
  }
}

# fires: aws-compute-ecs-insights
resource "aws_ecs_cluster" "unseen" {
  setting {
    name  = "containerInsights"
    value = "disabled"
  }
}

# silent: aws-compute-ecs-insights
resource "aws_ecs_cluster" "seen" {
  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

# silent: aws-compute-ecs-privileged, aws-compute-ecs-root-writable, aws-compute-ecs-transit
resource "aws_ecs_task_definition" "sound" {
  container_definitions = jsonencode([{ name = "web", image = "web:1", readonlyRootFilesystem = true }])
  volume {
    name = "files"
    efs_volume_configuration {
      file_system_id     = "fs-0a1b2c3d"
      transit_encryption = "ENABLED"
    }
  }
}

resource "aws_ecs_task_definition" "privileged" {
  # fires: aws-compute-ecs-privileged
  container_definitions = jsonencode([{ name = "web", image = "web:1", privileged = true, readonlyRootFilesystem = true }])
  volume { # fires: aws-compute-ecs-transit
    name = "files"
    efs_volume_configuration {
      file_system_id = "fs-0a1b2c3d"
    }
  }
}

resource "aws_ecs_task_definition" "writable" {
  container_definitions = jsonencode([{ name = "web", image = "web:1" }]) # fires: aws-compute-ecs-root-writable
}

# fires: aws-compute-sagemaker-internet
resource "aws_sagemaker_notebook_instance" "direct" {
  direct_internet_access = "Enabled"
}

# silent: aws-compute-sagemaker-internet
resource "aws_sagemaker_notebook_instance" "indirect" {
  direct_internet_access = "Disabled"
}

resource "aws_codebuild_project" "images" {
  environment { # fires: aws-compute-codebuild-privileged
    privileged_mode = true
  }
}

# silent: aws-compute-codebuild-privileged
resource "aws_codebuild_project" "packages" {
  environment {
    privileged_mode = false
  }
}
