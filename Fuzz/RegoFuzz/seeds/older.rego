package older

allow { input.a == 1; not denied }
denied { input.user.role != "admin" }
set[x] { x := input.xs[_] }
f(x) = y { y := x + 1 }
pair = {"a": f(1), "b": [z | z = set[_]]}
