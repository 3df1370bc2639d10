package gatehouse.checks.aws.network

import data.gatehouse.lib

# Every rule that lets traffic in, however it is written: {at, path, from, to, protocol, ranges}.
ingress contains {"at": r, "path": ["ingress", index], "from": lib.port(rule, "from_port"), "to": lib.port(rule, "to_port"), "protocol": lib.protocol(rule), "ranges": lib.ranges(rule)} if {
	some kind in {"aws_security_group", "aws_default_security_group"}
	some r in object.get(input.resources, kind, [])
	some index, rule in lib.blocks(r, "ingress")
}

ingress contains {"at": r, "path": [], "from": lib.port(r.attributes, "from_port"), "to": lib.port(r.attributes, "to_port"), "protocol": lib.protocol(r.attributes), "ranges": lib.ranges(r.attributes)} if {
	some r in object.get(input.resources, "aws_security_group_rule", [])
	r.attributes.type == "ingress"
}

ingress contains {"at": r, "path": [], "from": lib.port(r.attributes, "from_port"), "to": lib.port(r.attributes, "to_port"), "protocol": lib.protocol(r.attributes), "ranges": lib.ranges(r.attributes)} if {
	some r in object.get(input.resources, "aws_vpc_security_group_ingress_rule", [])
}

open_ingress contains rule if {
	some rule in ingress
	some cidr in rule.ranges
	lib.internet(cidr)
}

reaches(rule, _) if rule.protocol in {"-1", "all"}

reaches(rule, port) if {
	not rule.protocol in {"-1", "all", "icmp", "icmpv6"}
	to_number(rule.from) <= port
	to_number(rule.to) >= port
}

# METADATA
# scope: document
# title: SSH is open to the internet
# description: Port 22 is under attack within minutes of being reachable.
# custom:
#   severity: high
#   remedy: Allow the addresses of a bastion or VPN, or use SSM Session Manager.
#   controls: ["CIS-AWS-3.0:5.2", "NIST-800-53:SC-7"]
ssh_open contains lib.at(rule.at, rule.path) if {
	some rule in open_ingress
	reaches(rule, 22)
}

# METADATA
# scope: document
# title: RDP is open to the internet
# description: Port 3389 is a common way in for ransomware.
# custom:
#   severity: high
#   remedy: Allow the addresses of a bastion or VPN, or use SSM Session Manager.
#   controls: ["CIS-AWS-3.0:5.2", "NIST-800-53:SC-7"]
rdp_open contains lib.at(rule.at, rule.path) if {
	some rule in open_ingress
	reaches(rule, 3389)
}

# METADATA
# scope: document
# title: Every port is open to the internet
# description: Whatever listens is reachable by anyone.
# custom:
#   severity: critical
#   remedy: Allow the ports that are served, from where they are needed.
#   controls: ["CIS-AWS-3.0:5.2", "NIST-800-53:SC-7"]
all_ports_open contains lib.at(rule.at, rule.path) if {
	some rule in open_ingress
	rule.protocol in {"-1", "all"}
}

all_ports_open contains lib.at(rule.at, rule.path) if {
	some rule in open_ingress
	not rule.protocol in {"-1", "all", "icmp", "icmpv6"}
	to_number(rule.from) <= 1
	to_number(rule.to) >= 65535
}

sensitive := {
	20: "FTP", 21: "FTP", 23: "Telnet", 25: "SMTP", 111: "RPC", 135: "RPC", 139: "NetBIOS", 445: "SMB", 1433: "SQL Server",
	1521: "Oracle", 2049: "NFS", 2375: "Docker", 2379: "etcd", 3306: "MySQL", 5432: "PostgreSQL", 5601: "Kibana",
	5900: "VNC", 6379: "Redis", 6443: "Kubernetes", 7001: "Cassandra", 9200: "Elasticsearch", 9300: "Elasticsearch",
	10250: "kubelet", 11211: "Memcached", 27017: "MongoDB",
}

# METADATA
# scope: document
# title: A port that is not for the internet is open to it
# description: Databases, caches and control planes are not built to face attackers.
# custom:
#   severity: high
#   remedy: Allow the security groups of the clients instead of address ranges.
#   controls: ["NIST-800-53:SC-7"]
sensitive_port_open contains lib.at(rule.at, rule.path) if {
	some rule in open_ingress
	not rule.protocol in {"-1", "all"}
	some port, _ in sensitive
	reaches(rule, port)
}

# METADATA
# scope: document
# title: HTTP is open to the internet
# description: Port 80 carries everything in the clear; it should only redirect.
# custom:
#   severity: info
#   remedy: Serve on 443 and let a load balancer redirect.
http_open contains lib.at(rule.at, rule.path) if {
	some rule in open_ingress
	not rule.protocol in {"-1", "all"}
	reaches(rule, 80)
	to_number(rule.to) - to_number(rule.from) < 1000
}

egress_rules := [r |
	some r in object.get(input.resources, "aws_security_group_rule", [])
	r.attributes.type == "egress"
]

# METADATA
# scope: document
# title: Everything may leave to the internet
# description: Free egress lets malware call home and data leave.
# custom:
#   severity: info
#   remedy: Allow the destinations that are needed.
#   controls: ["NIST-800-53:SC-7"]
egress_open contains lib.at(r, ["egress", index]) if {
	some r in object.get(input.resources, "aws_security_group", [])
	some index, rule in lib.blocks(r, "egress")
	lib.protocol(rule) in {"-1", "all"}
	some cidr in lib.ranges(rule)
	lib.internet(cidr)
}

egress_open contains lib.at(r, []) if {
	some r in array.concat(egress_rules, object.get(input.resources, "aws_vpc_security_group_egress_rule", []))
	lib.protocol(r.attributes) in {"-1", "all"}
	some cidr in lib.ranges(r.attributes)
	lib.internet(cidr)
}

# METADATA
# scope: document
# title: Security group or rule has no description
# description: Nobody dares to remove a rule that says nothing.
# custom:
#   severity: info
#   remedy: Say what the rule is for.
rule_description contains lib.at(r, [direction, index]) if {
	some r in object.get(input.resources, "aws_security_group", [])
	some direction in {"ingress", "egress"}
	some index, rule in lib.blocks(r, direction)
	lib.off(object.get(rule, "description", null))
}

rule_description contains lib.at(r, []) if {
	some kind in {
		"aws_security_group_rule", "aws_security_group", "aws_vpc_security_group_ingress_rule",
		"aws_vpc_security_group_egress_rule",
	}
	some r in object.get(input.resources, kind, [])
	lib.off(lib.get(r, "description"))
}

# METADATA
# scope: document
# title: Default security group lets traffic through
# description: What is started without a group of its own gets this one.
# custom:
#   severity: medium
#   remedy: Declare aws_default_security_group without rules.
#   controls: ["CIS-AWS-3.0:5.4"]
default_security_group contains lib.at(r, []) if {
	some r in object.get(input.resources, "aws_default_security_group", [])
	count(array.concat(lib.blocks(r, "ingress"), lib.blocks(r, "egress"))) > 0
}

# METADATA
# scope: document
# title: VPC has no flow logs
# description: Without flow logs nobody can tell who talked to whom.
# custom:
#   severity: low
#   remedy: Add an aws_flow_log for the VPC.
#   controls: ["CIS-AWS-3.0:3.7", "NIST-800-53:AU-12"]
flow_logs contains lib.at(r, []) if {
	some r in object.get(input.resources, "aws_vpc", [])
	count(lib.attached(r, "aws_flow_log", "vpc_id")) + count(lib.attached(r, "aws_flow_log", "resource_id")) == 0
}

# METADATA
# scope: document
# title: Subnet gives every machine a public address
# description: Machines that need no public address get one by default.
# custom:
#   severity: low
#   remedy: Set map_public_ip_on_launch to false.
#   controls: ["NIST-800-53:SC-7"]
#   fix:
#     - base: "found"
#       set: {"": false}
#       risk: "New machines in the subnet are no longer reached from the internet unless they ask for an address."
public_subnet contains lib.at(r, ["map_public_ip_on_launch"]) if {
	some kind in {"aws_subnet", "aws_default_subnet"}
	some r in object.get(input.resources, kind, [])
	lib.on(lib.get(r, "map_public_ip_on_launch"))
}

# METADATA
# scope: document
# title: Network ACL lets SSH or RDP in from everywhere
# description: An ACL is the last line behind a wrong security group.
# custom:
#   severity: medium
#   remedy: Deny 22 and 3389 from 0.0.0.0/0.
#   controls: ["CIS-AWS-3.0:5.1"]
acl_open contains lib.at(r, []) if {
	some r in object.get(input.resources, "aws_network_acl_rule", [])
	not lib.on(lib.get(r, "egress"))
	lib.text(r, "rule_action") == "allow"
	some name in {"cidr_block", "ipv6_cidr_block"}
	lib.internet(lib.text(r, name))
	some port in [22, 3389]
	reaches({"protocol": lib.protocol(r.attributes), "from": acl_port(r, "from"), "to": acl_port(r, "to")}, port)
}

# Terraform has two attributes, CloudFormation a range.
acl_port(r, end) := object.get(r.attributes, ["port_range", end], lib.port(r.attributes, concat("_", [end, "port"])))
