# silent: aws-keys-rotation, aws-keys-deletion-window
resource "aws_kms_key" "sound" {
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

resource "aws_kms_key" "stale" {
  enable_key_rotation     = false # fires: aws-keys-rotation
  deletion_window_in_days = 30
}

resource "aws_kms_key" "soon_gone" {
  enable_key_rotation     = true
  deletion_window_in_days = 7 # fires: aws-keys-deletion-window
}

# KMS does not rotate these.
# silent: aws-keys-rotation
resource "aws_kms_key" "signs" {
  customer_master_key_spec = "ECC_NIST_P256"
  key_usage                = "SIGN_VERIFY"
}

# silent: aws-keys-rotation
resource "aws_kms_key" "vouches" {
  customer_master_key_spec = "HMAC_256"
  key_usage                = "GENERATE_VERIFY_MAC"
}

# fires: aws-keys-topic-encryption
resource "aws_sns_topic" "plain" {
  name = "orders"
}

# silent: aws-keys-topic-encryption
resource "aws_sns_topic" "encrypted" {
  name              = "orders"
  kms_master_key_id = "alias/aws/sns"
}

resource "aws_sqs_queue" "plain" {
  name                    = "orders"
  sqs_managed_sse_enabled = false # fires: aws-keys-queue-encryption
}

# silent: aws-keys-queue-encryption
resource "aws_sqs_queue" "encrypted" {
  name                    = "orders"
  sqs_managed_sse_enabled = true
}

# SQS encrypts what says nothing.
# silent: aws-keys-queue-encryption
resource "aws_sqs_queue" "by_default" {
  name = "orders"
}

# silent: aws-keys-secret-key, aws-keys-secret-rotation
resource "aws_secretsmanager_secret" "sound" {
  kms_key_id = "alias/secrets"
}

resource "aws_secretsmanager_secret_rotation" "sound" {
  secret_id           = aws_secretsmanager_secret.sound.id
  rotation_lambda_arn = "arn:aws:lambda:eu-west-1:123456789012:function:rotate"
}

# fires: aws-keys-secret-key, aws-keys-secret-rotation
resource "aws_secretsmanager_secret" "bare" {
}

resource "aws_secretsmanager_secret_version" "written_down" {
  secret_id     = aws_secretsmanager_secret.sound.id
  secret_string = "not a real one" # fires: aws-keys-secret-in-code
}

# silent: aws-keys-secret-in-code
resource "aws_secretsmanager_secret_version" "from_outside" {
  secret_id     = aws_secretsmanager_secret.sound.id
  secret_string = random_password.database.result
}

resource "aws_ssm_parameter" "written_down" {
  name  = "/shop/endpoint"
  type  = "SecureString"
  value = "not a real one" # fires: aws-keys-secret-in-code
}

# silent: aws-keys-secret-in-code
resource "aws_ssm_parameter" "no_secret" {
  name  = "/shop/endpoint"
  type  = "String"
  value = "https://shop.example"
}

resource "aws_ssm_parameter" "sounds_secret" {
  name  = "/shop/db_password"
  type  = "String" # fires: aws-keys-parameter-plain
  value = random_password.database.result
}

# silent: aws-keys-parameter-plain
resource "aws_ssm_parameter" "kept_secret" {
  name  = "/shop/db_password"
  type  = "SecureString"
  value = random_password.database.result
}

provider "aws" {
  alias      = "written_down"
  region     = "eu-west-1"
  access_key = "AKIAIOSFODNN7EXAMPLE" # fires: aws-keys-provider-key
}

variable "access_key" {
  type = string
}

# silent: aws-keys-provider-key
provider "aws" {
  alias      = "from_outside"
  region     = "eu-west-1"
  access_key = var.access_key
}
