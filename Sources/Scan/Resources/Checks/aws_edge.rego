package gatehouse.checks.aws.edge

import data.gatehouse.lib

balancers := [r |
	some kind in ["aws_lb", "aws_alb", "aws_elb"]
	some r in object.get(input.resources, kind, [])
]

# METADATA
# scope: document
# title: Load balancer does not log requests
# description: Without logs nobody can tell who asked for what.
# custom:
#   severity: low
#   remedy: Set access_logs with enabled true.
#   controls: ["NIST-800-53:AU-2"]
lb_logs contains lib.at(r, []) if {
	some r in balancers
	lib.text(r, "load_balancer_type") != "gateway"
	not lb_logged(r)
	not lb_set(r, "access_logs.s3.enabled")
}

# CloudFormation's attributes of a load balancer: a list of keys and values.
lb_set(r, key) if {
	some entry in lib.blocks(r, "load_balancer_attributes")
	entry.key == key
	not lib.off(object.get(entry, "value", null))
}

lb_logged(r) if {
	some block in lib.blocks(r, "access_logs")
	not object.get(block, "enabled", null) in {false, "false"}
	lb_enabled(r, block)
}

lb_enabled(r, _) if r.type == "aws_elb"

lb_enabled(_, block) if not lib.off(object.get(block, "enabled", null))

# METADATA
# scope: document
# title: Load balancer passes invalid headers on
# description: Headers that servers read differently smuggle requests past checks.
# custom:
#   severity: low
#   remedy: Set drop_invalid_header_fields to true.
#   fix:
#     - set: {"drop_invalid_header_fields": true}
#       risk: "Headers with characters beyond letters, digits and hyphens are dropped."
lb_headers contains lib.at(r, []) if {
	some kind in {"aws_lb", "aws_alb"}
	some r in object.get(input.resources, kind, [])
	not lib.text(r, "load_balancer_type") in {"network", "gateway"}
	lib.off(lib.get(r, "drop_invalid_header_fields"))
	not lb_set(r, "routing.http.drop_invalid_header_fields.enabled")
}

# METADATA
# scope: document
# title: Load balancer may be deleted by one call
# description: One mistake takes the service down.
# custom:
#   severity: info
#   remedy: Set enable_deletion_protection to true.
#   fix:
#     - set: {"enable_deletion_protection": true}
#       risk: "terraform destroy fails until it is turned off."
lb_deletion contains lib.at(r, []) if {
	some kind in {"aws_lb", "aws_alb"}
	some r in object.get(input.resources, kind, [])
	lib.off(lib.get(r, "enable_deletion_protection"))
	not lb_set(r, "deletion_protection.enabled")
}

# METADATA
# scope: document
# title: Classic load balancer keeps to its zone
# description: A zone without targets drops requests.
# custom:
#   severity: info
#   remedy: Set cross_zone_load_balancing to true.
#   fix:
#     - set: {"cross_zone_load_balancing": true}
#       risk: "Traffic between zones costs."
lb_cross_zone contains lib.at(r, ["cross_zone_load_balancing"]) if {
	some r in object.get(input.resources, "aws_elb", [])
	r.attributes.cross_zone_load_balancing in {false, "false"}
}

listeners := [r |
	some kind in ["aws_lb_listener", "aws_alb_listener"]
	some r in object.get(input.resources, kind, [])
]

# METADATA
# scope: document
# title: Load balancer serves plain HTTP
# description: Requests, answers and cookies can be read and changed on the way.
# custom:
#   severity: medium
#   remedy: Serve HTTPS, and redirect HTTP to it.
#   controls: ["NIST-800-53:SC-8"]
listener_plain contains lib.at(r, []) if {
	some r in listeners
	lib.text(r, "protocol") in {"HTTP", ""}

	# Without a port it is a gateway load balancer's, which passes packets on.
	to_number(r.attributes.port) != 443
	not redirects(r)
}

listener_plain contains lib.at(r, ["listener", index]) if {
	some r in object.get(input.resources, "aws_elb", [])
	some index, block in lib.blocks(r, "listener")
	lower(object.get(block, "lb_protocol", "")) == "http"
}

redirects(r) if {
	some action in lib.blocks(r, "default_action")
	some target in lib.list(object.get(action, "redirect", []))
	lib.maybe(object.get(target, "protocol", "HTTPS"), {"HTTPS"})
}

# METADATA
# scope: document
# title: Load balancer takes old TLS
# description: TLS 1.0 and 1.1 have known weaknesses.
# custom:
#   severity: medium
#   remedy: Set ssl_policy to ELBSecurityPolicy-TLS13-1-2-2021-06.
#   controls: ["NIST-800-53:SC-8"]
#   fix:
#     - set: {"ssl_policy": "ELBSecurityPolicy-TLS13-1-2-2021-06"}
#       risk: "Clients that know TLS 1.0 and 1.1 only fail."
listener_tls contains lib.at(r, []) if {
	some r in listeners
	lib.text(r, "protocol") in {"HTTPS", "TLS"}
	not regex.match(`-1-[23](-|$)`, object.get(r.attributes, "ssl_policy", "ELBSecurityPolicy-2016-08"))
	not lib.unknown(lib.get(r, "ssl_policy"))
}

distributions := object.get(input.resources, "aws_cloudfront_distribution", [])

behaviours[r.id] contains {"path": [name, index], "block": block} if {
	some r in distributions
	some name in {"default_cache_behavior", "ordered_cache_behavior"}
	some index, block in lib.blocks(r, name)
}

# METADATA
# scope: document
# title: CloudFront serves plain HTTP
# description: Requests, answers and cookies can be read and changed on the way.
# custom:
#   severity: medium
#   remedy: Set viewer_protocol_policy to redirect-to-https.
#   controls: ["NIST-800-53:SC-8"]
#   fix:
#     - base: "found"
#       set: {"viewer_protocol_policy": "redirect-to-https"}
#       risk: "Clients have to follow the redirection."
cdn_plain contains lib.at(r, behaviour.path) if {
	some r in distributions
	some behaviour in behaviours[r.id]
	behaviour.block.viewer_protocol_policy == "allow-all"
}

# METADATA
# scope: document
# title: CloudFront takes old TLS
# description: TLS 1.0 and 1.1 have known weaknesses.
# custom:
#   severity: medium
#   remedy: Set minimum_protocol_version to TLSv1.2_2021.
#   controls: ["NIST-800-53:SC-8"]
cdn_tls contains lib.at(r, ["viewer_certificate", index]) if {
	some r in distributions
	some index, block in lib.blocks(r, "viewer_certificate")
	not regex.match(`^TLSv1\.[23]`, object.get(block, "minimum_protocol_version", "TLSv1"))
	not lib.unknown(object.get(block, "minimum_protocol_version", ""))
}

# METADATA
# scope: document
# title: CloudFront does not log requests
# description: Without logs nobody can tell who asked for what.
# custom:
#   severity: low
#   remedy: Set logging_config.
#   controls: ["NIST-800-53:AU-2"]
cdn_logs contains lib.at(r, []) if {
	some r in distributions
	count(lib.blocks(r, "logging_config")) == 0
}

# METADATA
# scope: document
# title: CloudFront has no firewall
# description: Known attacks reach the origin.
# custom:
#   severity: low
#   remedy: Set web_acl_id.
cdn_firewall contains lib.at(r, []) if {
	some r in distributions
	lib.off(lib.get(r, "web_acl_id"))
}

# METADATA
# scope: document
# title: API method needs no credentials
# description: Anyone can call it.
# custom:
#   severity: medium
#   remedy: Set authorization, or api_key_required for public data.
#   controls: ["NIST-800-53:AC-3"]
api_open contains lib.at(r, ["authorization"]) if {
	some r in object.get(input.resources, "aws_api_gateway_method", [])
	r.attributes.authorization == "NONE"
	r.attributes.http_method != "OPTIONS"
	lib.off(lib.get(r, "api_key_required"))
}

api_open contains lib.at(r, []) if {
	some r in object.get(input.resources, "aws_apigatewayv2_route", [])
	object.get(r.attributes, "authorization_type", "NONE") == "NONE"
	not startswith(lib.text(r, "route_key"), "OPTIONS")
}

# METADATA
# scope: document
# title: API stage does not log requests
# description: Without logs nobody can tell who asked for what.
# custom:
#   severity: low
#   remedy: Set access_log_settings.
#   controls: ["NIST-800-53:AU-2"]
api_logs contains lib.at(r, []) if {
	some kind in {"aws_api_gateway_stage", "aws_apigatewayv2_stage"}
	some r in object.get(input.resources, kind, [])
	count(lib.blocks(r, "access_log_settings")) == 0
}

# METADATA
# scope: document
# title: API stage is not traced
# description: Without traces, what a request touched is guessed.
# custom:
#   severity: info
#   remedy: Set xray_tracing_enabled to true.
#   fix:
#     - set: {"xray_tracing_enabled": true}
#       risk: "Traces cost."
api_tracing contains lib.at(r, ["xray_tracing_enabled"]) if {
	some r in object.get(input.resources, "aws_api_gateway_stage", [])
	lib.off(lib.get(r, "xray_tracing_enabled"))
}

# METADATA
# scope: document
# title: API's domain takes old TLS
# description: TLS 1.0 has known weaknesses.
# custom:
#   severity: medium
#   remedy: Set security_policy to TLS_1_2.
#   controls: ["NIST-800-53:SC-8"]
#   fix:
#     - set: {"security_policy": "TLS_1_2"}
#       risk: "Clients that know TLS 1.0 only fail."
api_tls contains lib.at(r, []) if {
	some r in object.get(input.resources, "aws_api_gateway_domain_name", [])
	policy := object.get(r.attributes, "security_policy", "TLS_1_0")
	not lib.maybe(policy, {"TLS_1_2"})
	not regex.match(`^SecurityPolicy_TLS1[23]_`, policy)
}
