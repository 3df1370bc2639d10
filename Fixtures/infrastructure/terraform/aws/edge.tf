# silent: aws-edge-lb-logs, aws-edge-lb-headers, aws-edge-lb-deletion
resource "aws_lb" "sound" {
  drop_invalid_header_fields = true
  enable_deletion_protection = true
  access_logs {
    bucket  = "logs"
    enabled = true
  }
}

# fires: aws-edge-lb-logs, aws-edge-lb-headers, aws-edge-lb-deletion
resource "aws_lb" "at_fault" {
  drop_invalid_header_fields = false
  enable_deletion_protection = false
  access_logs {
    bucket  = "logs"
    enabled = false
  }
}

# Only an application load balancer reads headers.
# silent: aws-edge-lb-headers
resource "aws_lb" "network" {
  load_balancer_type = "network"
}

resource "aws_elb" "keeps_to_its_zone" {
  cross_zone_load_balancing = false # fires: aws-edge-lb-cross-zone
  listener { # fires: aws-edge-listener-plain
    lb_port           = 80
    lb_protocol       = "http"
    instance_port     = 8080
    instance_protocol = "http"
  }
}

# silent: aws-edge-lb-cross-zone, aws-edge-listener-plain, aws-edge-lb-logs
resource "aws_elb" "sound" {
  cross_zone_load_balancing = true
  listener {
    lb_port           = 443
    lb_protocol       = "https"
    instance_port     = 8080
    instance_protocol = "http"
  }
  access_logs {
    bucket = "logs"
  }
}

# fires: aws-edge-listener-plain
resource "aws_lb_listener" "plain" {
  port     = 80
  protocol = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0a1b2c3d"
  }
}

# silent: aws-edge-listener-plain
resource "aws_lb_listener" "redirects" {
  port     = 80
  protocol = "HTTP"
  default_action {
    type = "redirect"
    redirect {
      protocol    = "HTTPS"
      port        = "443"
      status_code = "HTTP_301"
    }
  }
}

# A gateway load balancer passes packets on: it has no port and no protocol.
# silent: aws-edge-listener-plain
resource "aws_lb_listener" "packets" {
  default_action {
    type             = "forward"
    target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/inspection/0a1b2c3d"
  }
}

# The policy names TLS 1.3, and takes TLS 1.0 too.
# fires: aws-edge-listener-tls
resource "aws_lb_listener" "old_and_new" {
  port       = 443
  protocol   = "HTTPS"
  ssl_policy = "ELBSecurityPolicy-TLS13-1-0-2021-06"
}

# fires: aws-edge-listener-tls
resource "aws_lb_listener" "old_by_default" {
  port     = 443
  protocol = "HTTPS"
}

# silent: aws-edge-listener-tls
resource "aws_lb_listener" "new" {
  port       = 443
  protocol   = "HTTPS"
  ssl_policy = "ELBSecurityPolicy-TLS13-1-2-2021-06"
}

# silent: aws-edge-listener-tls
resource "aws_lb_listener" "forward_secrecy" {
  port       = 443
  protocol   = "HTTPS"
  ssl_policy = "ELBSecurityPolicy-FS-1-2-Res-2020-10"
}

# silent: aws-edge-cdn-plain, aws-edge-cdn-tls, aws-edge-cdn-logs, aws-edge-cdn-firewall
resource "aws_cloudfront_distribution" "sound" {
  web_acl_id = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/shop/0a1b2c3d"
  logging_config {
    bucket = "logs.s3.amazonaws.com"
  }
  default_cache_behavior {
    viewer_protocol_policy = "redirect-to-https"
  }
  viewer_certificate {
    acm_certificate_arn      = "arn:aws:acm:us-east-1:123456789012:certificate/shop"
    minimum_protocol_version = "TLSv1.2_2021"
  }
}

# fires: aws-edge-cdn-logs, aws-edge-cdn-firewall
resource "aws_cloudfront_distribution" "at_fault" {
  default_cache_behavior { # fires: aws-edge-cdn-plain
    viewer_protocol_policy = "allow-all"
  }
  viewer_certificate { # fires: aws-edge-cdn-tls
    acm_certificate_arn      = "arn:aws:acm:us-east-1:123456789012:certificate/shop"
    minimum_protocol_version = "TLSv1.1_2016"
  }
}

# silent: aws-edge-cdn-tls
resource "aws_cloudfront_distribution" "newest" {
  viewer_certificate {
    acm_certificate_arn      = "arn:aws:acm:us-east-1:123456789012:certificate/shop"
    minimum_protocol_version = "TLSv1.3_2025"
  }
}

resource "aws_api_gateway_method" "open" {
  http_method   = "GET"
  authorization = "NONE" # fires: aws-edge-api-open
}

# silent: aws-edge-api-open
resource "aws_api_gateway_method" "signed" {
  http_method   = "GET"
  authorization = "AWS_IAM"
}

# A browser asks for permission without credentials.
# silent: aws-edge-api-open
resource "aws_api_gateway_method" "preflight" {
  http_method   = "OPTIONS"
  authorization = "NONE"
}

# fires: aws-edge-api-open
resource "aws_apigatewayv2_route" "open" {
  route_key = "GET /orders"
}

# silent: aws-edge-api-open
resource "aws_apigatewayv2_route" "with_a_token" {
  route_key          = "GET /orders"
  authorization_type = "JWT"
}

# silent: aws-edge-api-logs, aws-edge-api-tracing
resource "aws_api_gateway_stage" "sound" {
  xray_tracing_enabled = true
  access_log_settings {
    destination_arn = "arn:aws:logs:eu-west-1:123456789012:log-group:api"
    format          = "$context.requestId"
  }
}

# fires: aws-edge-api-logs
resource "aws_api_gateway_stage" "at_fault" {
  xray_tracing_enabled = false # fires: aws-edge-api-tracing
}

# fires: aws-edge-api-tls
resource "aws_api_gateway_domain_name" "old" {
  domain_name     = "api.shop.example"
  security_policy = "TLS_1_0"
}

# silent: aws-edge-api-tls
resource "aws_api_gateway_domain_name" "new" {
  domain_name     = "api.shop.example"
  security_policy = "TLS_1_2"
}
