# silent: aws-network-rule-description
resource "aws_security_group" "fronts" {
  description = "in front of the shop"
  ingress { # fires: aws-network-ssh-open
    description = "SSH"
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  # silent: aws-network-ssh-open
  ingress {
    description = "SSH from the office"
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["192.0.2.0/24"]
  }
  ingress { # fires: aws-network-rdp-open
    description      = "RDP"
    from_port        = 3389
    to_port          = 3389
    protocol         = "tcp"
    ipv6_cidr_blocks = ["::/0"]
  }
  # silent: aws-network-rdp-open
  ingress {
    description      = "RDP from the office"
    from_port        = 3389
    to_port          = 3389
    protocol         = "tcp"
    ipv6_cidr_blocks = ["2001:db8::/32"]
  }
  ingress { # fires: aws-network-all-ports-open
    description = "all"
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
  # silent: aws-network-all-ports-open
  ingress {
    description = "all from within"
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["10.0.0.0/8"]
  }
  ingress { # fires: aws-network-sensitive-port-open
    description = "PostgreSQL"
    from_port   = 5432
    to_port     = 5432
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  # silent: aws-network-sensitive-port-open, aws-network-http-open
  ingress {
    description = "HTTPS"
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  ingress { # fires: aws-network-http-open
    description = "HTTP"
    from_port   = 80
    to_port     = 80
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  egress { # fires: aws-network-egress-open
    description = "out"
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
  # silent: aws-network-egress-open
  egress {
    description = "out to the backends"
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["10.0.0.0/8"]
  }
}

# fires: aws-network-ssh-open, aws-network-all-ports-open
resource "aws_vpc_security_group_ingress_rule" "all" {
  description       = "all"
  security_group_id = aws_security_group.fronts.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}

# fires: aws-network-egress-open
resource "aws_vpc_security_group_egress_rule" "all" {
  description       = "out"
  security_group_id = aws_security_group.fronts.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}

# fires: aws-network-rule-description
resource "aws_security_group" "mute" {
  vpc_id = aws_vpc.recorded.id
}

resource "aws_security_group" "half_mute" {
  description = "in front of the shop"
  ingress { # fires: aws-network-rule-description
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# fires: aws-network-default-security-group
resource "aws_default_security_group" "used" {
  vpc_id = aws_vpc.recorded.id
  ingress {
    protocol  = "-1"
    self      = true
    from_port = 0
    to_port   = 0
  }
}

# silent: aws-network-default-security-group
resource "aws_default_security_group" "empty" {
  vpc_id = aws_vpc.unrecorded.id
}

# silent: aws-network-flow-logs
resource "aws_vpc" "recorded" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_flow_log" "recorded" {
  vpc_id       = aws_vpc.recorded.id
  traffic_type = "ALL"
}

# fires: aws-network-flow-logs
resource "aws_vpc" "unrecorded" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_subnet" "public" {
  vpc_id                  = aws_vpc.recorded.id
  map_public_ip_on_launch = true # fires: aws-network-public-subnet
}

# silent: aws-network-public-subnet
resource "aws_subnet" "private" {
  vpc_id                  = aws_vpc.recorded.id
  map_public_ip_on_launch = false
}

# fires: aws-network-acl-open
resource "aws_network_acl_rule" "everyone" {
  network_acl_id = "acl-0a1b2c3d"
  rule_number    = 100
  rule_action    = "allow"
  protocol       = "tcp"
  from_port      = 22
  to_port        = 22
  cidr_block     = "0.0.0.0/0"
}

# silent: aws-network-acl-open
resource "aws_network_acl_rule" "nobody" {
  network_acl_id = "acl-0a1b2c3d"
  rule_number    = 100
  rule_action    = "deny"
  protocol       = "tcp"
  from_port      = 22
  to_port        = 22
  cidr_block     = "0.0.0.0/0"
}

# fires: aws-network-acl-open
resource "aws_network_acl_rule" "everyone_by_ipv6" {
  network_acl_id  = "acl-0a1b2c3d"
  rule_number     = 101
  rule_action     = "allow"
  protocol        = "-1"
  ipv6_cidr_block = "::/0"
}

# silent: aws-network-acl-open
resource "aws_network_acl_rule" "answers" {
  network_acl_id = "acl-0a1b2c3d"
  rule_number    = 102
  rule_action    = "allow"
  protocol       = "tcp"
  from_port      = 32768
  to_port        = 65535
  cidr_block     = "0.0.0.0/0"
}
