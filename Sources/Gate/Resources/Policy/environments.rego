# Which environment a target belongs to, by the globs of `policy.environments` in the configuration, in which `*` stands
# for any run of characters. A target of no known environment counts as production.
package gatehouse.gate

# METADATA
# title: the target is in production, or in no known environment
# custom:
#   remedy: name the target's environment under policy.environments in the configuration
in_production if "production" in environments

in_production if environments == set()

environments contains name if {
	some name, patterns in data.gatehouse.environments
	some pattern in patterns
	glob.match(pattern, null, input.action.target)
}
