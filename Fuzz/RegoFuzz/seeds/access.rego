package gate

import rego.v1

default allow := false

allow if {
	some role in input.user.roles
	"read" in data.roles[role]
}

allow if input.path == "/x/1"
allow if { input.path == "/x/2"; input.b == "text" }
allow if { "/x/3" == input.path }
allow if input.path in {"/x/4", "/x/5"}
allow if { input.path = "/x/6" } else := false if input.a > 1

cost(n) := n * 2 if n < 10
cost(10) := 1
cost(11) := 2
cost(12) := 3
cost(13) := 4
cost(14) := 5
