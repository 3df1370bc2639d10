# silent: aws-iam-admin, aws-iam-wildcard-action, aws-iam-wildcard-write, aws-iam-data-exposure
# silent: aws-iam-privilege-escalation, aws-iam-pass-role, aws-iam-not-action, aws-iam-user-policy
resource "aws_iam_policy" "named" {
  policy = jsonencode({
    Statement = [
      { Effect = "Allow", Action = "*", Resource = "arn:aws:s3:::reports/*" },
      { Effect = "Allow", Action = "dynamodb:*", Resource = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders" },
      { Effect = "Allow", Action = "ec2:TerminateInstances", Resource = "arn:aws:ec2:*:123456789012:instance/i-0a1b2c3d" },
      { Effect = "Allow", Action = "iam:PutRolePolicy", Resource = "arn:aws:iam::123456789012:role/app" },
      { Effect = "Allow", Action = "iam:PassRole", Resource = "arn:aws:iam::123456789012:role/app" },
      { Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::reports/*" },
      { Effect = "Deny", NotAction = "s3:*", Resource = "*" },
    ]
  })
}

resource "aws_iam_policy" "everything" {
  policy = jsonencode({ # fires: aws-iam-admin
    Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
  })
}

resource "aws_iam_group_policy" "whole_service" {
  group  = "developers"
  policy = jsonencode({ # fires: aws-iam-wildcard-action
    Statement = [{ Effect = "Allow", Action = "dynamodb:*", Resource = "*" }]
  })
}

resource "aws_iam_role_policy" "any_machine" {
  role   = "app"
  policy = jsonencode({ # fires: aws-iam-wildcard-write
    Statement = [{ Effect = "Allow", Action = "ec2:TerminateInstances", Resource = "*" }]
  })
}

# silent: aws-iam-wildcard-write
resource "aws_iam_role_policy" "tagged_machine" {
  role   = "app"
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "ec2:TerminateInstances"
      Resource  = "*"
      Condition = { StringEquals = { "aws:ResourceTag/team" = "app" } }
    }]
  })
}

data "aws_iam_policy_document" "climbs" {
  statement { # fires: aws-iam-privilege-escalation
    actions   = ["iam:PutRolePolicy"]
    resources = ["*"]
  }
  # silent: aws-iam-privilege-escalation
  statement {
    actions   = ["iam:PutRolePolicy"]
    resources = ["arn:aws:iam::123456789012:role/app"]
  }
  statement { # fires: aws-iam-pass-role
    actions   = ["iam:PassRole"]
    resources = ["*"]
  }
  # silent: aws-iam-pass-role
  statement {
    actions   = ["iam:PassRole"]
    resources = ["arn:aws:iam::123456789012:role/app"]
  }
  statement { # fires: aws-iam-not-action
    not_actions = ["iam:*"]
    resources   = ["*"]
  }
  # silent: aws-iam-not-action
  statement {
    effect      = "Deny"
    not_actions = ["iam:*"]
    resources   = ["*"]
  }
  statement { # fires: aws-iam-data-exposure
    actions   = ["secretsmanager:GetSecretValue"]
    resources = ["*"]
  }
  # silent: aws-iam-data-exposure
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = ["arn:aws:secretsmanager:eu-west-1:123456789012:secret:app-*"]
  }
}

resource "aws_iam_role" "for_anyone" {
  assume_role_policy = jsonencode({ # fires: aws-iam-trust-everyone
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "*" } }]
  })
}

resource "aws_iam_role" "for_an_account" {
  assume_role_policy = jsonencode({ # fires: aws-iam-trust-account
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::123456789012:root" } }]
  })
}

# silent: aws-iam-trust-everyone, aws-iam-trust-account, aws-iam-admin-attached
resource "aws_iam_role" "for_a_role" {
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::123456789012:role/ci" } }]
  })
  managed_policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
}

resource "aws_iam_role" "administrator" {
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::123456789012:role/ci" } }]
  })
  managed_policy_arns = ["arn:aws:iam::aws:policy/AdministratorAccess"] # fires: aws-iam-admin-attached
}

resource "aws_iam_role_policy_attachment" "administrator" {
  role       = "app"
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess" # fires: aws-iam-admin-attached
}

# silent: aws-iam-admin-attached, aws-iam-user-policy
resource "aws_iam_role_policy_attachment" "reader" {
  role       = "app"
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

# fires: aws-iam-user-policy
resource "aws_iam_user_policy_attachment" "reader" {
  user       = "ada"
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

# fires: aws-iam-access-key
resource "aws_iam_access_key" "robot" {
  user = "robot"
}

# silent: aws-iam-access-key
resource "aws_iam_user" "robot" {
  name = "robot"
}

# silent: aws-iam-password-length, aws-iam-password-reuse
resource "aws_iam_account_password_policy" "strict" {
  minimum_password_length   = 14
  password_reuse_prevention = 24
}

resource "aws_iam_account_password_policy" "short" {
  minimum_password_length   = 13 # fires: aws-iam-password-length
  password_reuse_prevention = 24
}

resource "aws_iam_account_password_policy" "forgetful" {
  minimum_password_length   = 14
  password_reuse_prevention = 5 # fires: aws-iam-password-reuse
}

resource "aws_sqs_queue_policy" "anyone" {
  queue_url = "https://sqs.eu-west-1.amazonaws.com/123456789012/orders"
  policy    = jsonencode({ # fires: aws-iam-wildcard-principal-resource-policy
    Statement = [{ Effect = "Allow", Principal = "*", Action = "sqs:SendMessage", Resource = "*" }]
  })
}

# silent: aws-iam-wildcard-principal-resource-policy
resource "aws_sqs_queue_policy" "one_account" {
  queue_url = "https://sqs.eu-west-1.amazonaws.com/123456789012/orders"
  policy    = jsonencode({
    Statement = [{ Effect = "Allow", Principal = { AWS = "123456789012" }, Action = "sqs:SendMessage", Resource = "*" }]
  })
}
