# Each bucket says which check it is an example of.

resource "aws_s3_bucket" "listed" {
  acl = "public-read" # fires: aws-s3-public-acl
}

# silent: aws-s3-public-acl
resource "aws_s3_bucket" "unlisted" {
  acl = "private"
}

resource "aws_s3_bucket_acl" "listed_apart" {
  bucket = "made-elsewhere"
  acl    = "public-read-write" # fires: aws-s3-public-acl
}

resource "aws_s3_bucket_acl" "any_account" {
  bucket = aws_s3_bucket.unlisted.id
  acl    = "authenticated-read" # fires: aws-s3-authenticated-acl
}

# silent: aws-s3-authenticated-acl
resource "aws_s3_bucket_acl" "own_account" {
  bucket = aws_s3_bucket.unlisted.id
  acl    = "bucket-owner-read"
}

resource "aws_s3_bucket_policy" "anyone" {
  bucket = "shop-photos"
  policy = jsonencode({ # fires: aws-s3-public-policy
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:::shop-photos/*"
    }]
  })
}

# silent: aws-s3-public-policy
resource "aws_s3_bucket_policy" "organisation" {
  bucket = "shop-photos"
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:::shop-photos/*"
      Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-1a2b3c4d5e" } }
    }]
  })
}

# silent: aws-s3-public-access-block
resource "aws_s3_bucket" "blocked" {
}

# silent: aws-s3-public-access-block-partial
resource "aws_s3_bucket_public_access_block" "blocked" {
  bucket                  = aws_s3_bucket.blocked.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# fires: aws-s3-public-access-block
resource "aws_s3_bucket" "partly_blocked" {
}

resource "aws_s3_bucket_public_access_block" "partly_blocked" {
  bucket                  = aws_s3_bucket.partly_blocked.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = false # fires: aws-s3-public-access-block-partial
  restrict_public_buckets = true
}

# silent: aws-s3-versioning
resource "aws_s3_bucket" "versioned" {
}

resource "aws_s3_bucket_versioning" "versioned" {
  bucket = aws_s3_bucket.versioned.id
  versioning_configuration {
    status = "Enabled"
  }
}

# fires: aws-s3-versioning
resource "aws_s3_bucket" "suspended" {
}

resource "aws_s3_bucket_versioning" "suspended" {
  bucket = aws_s3_bucket.suspended.id
  versioning_configuration {
    status = "Suspended"
  }
}

# silent: aws-s3-logging
resource "aws_s3_bucket" "logged" {
}

resource "aws_s3_bucket_logging" "logged" {
  bucket        = aws_s3_bucket.logged.id
  target_bucket = "logs"
  target_prefix = "logged/"
}

# fires: aws-s3-logging
resource "aws_s3_bucket" "unlogged" {
}

# silent: aws-s3-logging
resource "aws_s3_bucket" "takes_logs" {
  acl = "log-delivery-write"
}

# silent: aws-s3-encryption
# fires: aws-s3-customer-key
resource "aws_s3_bucket" "keyed_by_aws" {
}

resource "aws_s3_bucket_server_side_encryption_configuration" "keyed_by_aws" {
  bucket = aws_s3_bucket.keyed_by_aws.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

# silent: aws-s3-encryption, aws-s3-customer-key
resource "aws_s3_bucket" "keyed_by_us" {
}

resource "aws_s3_bucket_server_side_encryption_configuration" "keyed_by_us" {
  bucket = aws_s3_bucket.keyed_by_us.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "aws:kms"
    }
  }
}

# fires: aws-s3-encryption, aws-s3-customer-key
resource "aws_s3_bucket" "no_choice" {
}

# silent: aws-s3-tls-only
resource "aws_s3_bucket" "over_tls" {
}

resource "aws_s3_bucket_policy" "over_tls" {
  bucket = aws_s3_bucket.over_tls.id
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = "${aws_s3_bucket.over_tls.arn}/*"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

# fires: aws-s3-tls-only
resource "aws_s3_bucket" "over_anything" {
}

resource "aws_s3_bucket_policy" "over_anything" {
  bucket = aws_s3_bucket.over_anything.id
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = "${aws_s3_bucket.over_anything.arn}/*"
      Condition = { Bool = { "aws:ViaAWSService" = "false" } }
    }]
  })
}

resource "aws_s3_bucket" "website" {
  website { # fires: aws-s3-website
    index_document = "index.html"
  }
}

# silent: aws-s3-website
resource "aws_s3_bucket" "no_website" {
}

# fires: aws-s3-website
resource "aws_s3_bucket_website_configuration" "apart" {
  bucket = aws_s3_bucket.no_website.id
  index_document {
    suffix = "index.html"
  }
}
