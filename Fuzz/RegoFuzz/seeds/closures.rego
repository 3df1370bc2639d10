package shapes

names contains name if {
	some i, x in input.xs
	name := sprintf("%d-%v", [i, x])
}

by_name[n] := {"size": count(n), "even": {m | some m in names; count(m) % 2 == 0}} if some n in names

all_known if every n in names { startswith(n, "0") }
later := x if x := names with input.xs as ["a", "b"]
text := $"there are {count(names)} names"
nested[a].b[c] := 1 if { a := "k"; c := input.a }
paths := [p | walk(input, [p, _])]
