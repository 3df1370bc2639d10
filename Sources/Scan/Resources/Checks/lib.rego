# METADATA
# title: What checks share
# description: |
#   Values that are not known before something is applied are texts with "${…}" in them: no function here takes them
#   for off, so that a check stays silent about what it cannot know.
package gatehouse.lib

# A finding at a part of a resource; an empty path is the resource itself.
at(r, path) := {"resource": r.id, "path": path}

# The same, with words of its own, which must hold no value that could be secret.
said(r, path, message) := {"resource": r.id, "path": path, "message": message}

get(r, name) := object.get(r.attributes, name, null)

text(r, name) := value if {
	value := r.attributes[name]
	is_string(value)
} else := ""

off(value) if value in {null, false, "false", "False", "FALSE", "", 0, "0"}

on(value) if value in {true, "true", "True", "TRUE"}

unknown(value) if {
	is_string(value)
	contains(value, "${")
}

# What CloudFormation looks up elsewhere as it deploys.
unknown(value) if {
	is_string(value)
	contains(value, "{{resolve:")
}

# Whether the value is one of these, or may be.
maybe(value, wanted) if value in wanted

maybe(value, _) if unknown(value)

# The blocks of a name as a list, however they are written: a block, a list of blocks or an object.
blocks(r, name) := list(object.get(r.attributes, name, []))

list(value) := [element | some element in value; is_object(element)] if is_array(value)

list(value) := [value] if is_object(value)

list(value) := [] if {
	not is_array(value)
	not is_object(value)
}

# Resources of a type that are tied to this one, either way.
linked(r, type) := [other |
	some id in object.get(r.links, type, set())
	other := input.by_id[id]
]

# Resources of a type whose attribute leads to this one.
attached(r, type, attribute) := [other |
	some other in linked(r, type)
	r.id in other.refs[attribute]
]

# Pairs of a policy document and a statement in it.
statements(r) := [[document, statement] |
	some document in r.policies
	some statement in document.statements
]

everyone(statement) if {
	some principal in statement.principals
	principal in {"*", "AWS:*"}
}

internet(cidr) if cidr in {"0.0.0.0/0", "::/0", "0000:0000:0000:0000:0000:0000:0000:0000/0"}

# Of a rule of a security group or network ACL; all protocols where none is named.
protocol(rule) := lower(sprintf("%v", [value])) if {
	some name in ["protocol", "ip_protocol"]
	value := rule[name]
} else := "-1"

port(rule, name) := object.get(rule, name, 0)

ranges(rule) := [cidr |
	some name in ["cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6", "cidr_ip", "cidr_ipv6_block"]
	some cidr in strings(object.get(rule, name, []))
]

strings(value) := value if is_array(value)

strings(value) := [value] if is_string(value)

strings(value) := [] if {
	not is_array(value)
	not is_string(value)
}
