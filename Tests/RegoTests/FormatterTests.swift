import Testing

@testable import Rego

/// The style: what is written before and what comes out.
struct FormatterTests {
    static func formatted(
        _ text: String, _ version: RegoVersion = .v1, to target: FormatterOptions.Target = .keep
    ) throws -> String {
        var options = FormatterOptions()
        options.target = target
        let output = try Formatter(options).format(Array(text.utf8), name: "m.rego", version: version)
        let again = try Formatter(options).format(output, name: "m.rego", version: target == .v1 ? .v1 : version)
        #expect(String(decoding: again, as: UTF8.self) == String(decoding: output, as: UTF8.self))
        return String(decoding: output, as: UTF8.self)
    }

    /// Body and heads stand after `package p` and an empty line.
    private func expect(
        _ before: String, becomes after: String, _ version: RegoVersion = .v1,
        to target: FormatterOptions.Target = .keep, at place: SourceLocation = #_sourceLocation
    ) throws {
        let output = try Self.formatted("package p\n\(before)", version, to: target)
        #expect(output == "package p\n\n\(after)\n", sourceLocation: place)
    }

    @Test
    func rulesAreSpacedAndIndented() throws {
        try expect(
            "allow if{input.x==1;input.y!=2}\ndeny  contains msg if {\n  msg:=sprintf( \"%v\",[ input.x ] )}",
            becomes: """
                allow if {
                \tinput.x == 1
                \tinput.y != 2
                }

                deny contains msg if {
                \tmsg := sprintf("%v", [input.x])
                }
                """)
    }

    @Test
    func oneExpressionStaysOnTheLineOfItsHead() throws {
        try expect("allow if { input.x }", becomes: "allow if input.x")
        try expect("allow if\n  input.x", becomes: "allow if {\n\tinput.x\n}")
        try expect("allow if {\n  input.x }", becomes: "allow if {\n\tinput.x\n}")
        try expect("p if { {1, 2} }", becomes: "p if {\n\t{1, 2}\n}")
        try expect("p if {x | x := 1}", becomes: "p if {x | x := 1}")
        try expect("p if {\"a\": 1}", becomes: "p if {\"a\": 1}")
        try expect("p = true { x }", becomes: "p {\n\tx\n}", .v0)
        try expect("p := true if { x }\np[1] := true if x", becomes: "p if x\np[1] := true if x")
        try expect("p if { true }", becomes: "p := true")
        try expect("p(1) if { true }\nq := 1", becomes: "p(1)\nq := 1")
        try expect("p if { true # why\n}", becomes: "p if {\n\ttrue # why\n}")
    }

    @Test
    func shortRulesBelowEachOtherStayTogether() throws {
        try expect("a := 1\nb := 2\n\n\nc := 3", becomes: "a := 1\nb := 2\n\nc := 3")
        try expect("a := 1; b := 2", becomes: "a := 1\n\nb := 2")
        try expect("default a := 1\nb := 2", becomes: "default a := 1\n\nb := 2")
        try expect("a = 1\nb = 2", becomes: "a = 1\n\nb = 2", .v0)
    }

    @Test
    func branchesKeepTheirPlace() throws {
        try expect(
            "f(x)=1 if{x;y}else=2 if{z}",
            becomes: "f(x) := 1 if {\n\tx\n\ty\n}\n\nelse := 2 if z")
        try expect(
            "f(x) := 1 if {\n x\n} else := 2 if {\n z\n}\nelse := 3",
            becomes: "f(x) := 1 if {\n\tx\n} else := 2 if {\n\tz\n}\n\nelse := 3")
        try expect(
            "p := 1 if {\n x\n} # one\n# two\nelse := 2 if y",
            becomes: "p := 1 if {\n\tx\n} # one\n\n# two\nelse := 2 if y")
    }

    @Test
    func collectionsKeepTheirLines() throws {
        try expect("a := [1,2,\n3]", becomes: "a := [\n\t1, 2,\n\t3,\n]")
        try expect("a := [\n1,2,3]", becomes: "a := [\n\t1, 2, 3,\n]")
        try expect("a := [1,2,3\n]", becomes: "a := [1, 2, 3]")
        try expect("a := [1,2,]", becomes: "a := [1, 2]")
        try expect(
            "o := {\"a\":{\"b\" : 1},\n\"c\":[ ], \"d\":set( )}",
            becomes: "o := {\n\t\"a\": {\"b\": 1},\n\t\"c\": [], \"d\": set(),\n}")
        try expect(
            "p if f(\n{\"a\":1},\n\nx)\n", becomes: "p if f(\n\t{\"a\": 1},\n\tx,\n)")
        try expect("f(\nx,y) := x", becomes: "f(\n\tx, y,\n) := x")
    }

    @Test
    func comprehensionsKeepTheirLines() throws {
        try expect("a := [x|x:=y[_];x>1]", becomes: "a := [x | x := y[_]; x > 1]")
        try expect("a := {x|\nx:=y[_]; x>1}", becomes: "a := {x |\n\tx := y[_]\n\tx > 1\n}")
        try expect("a := {k:v|some k,v in y\n}", becomes: "a := {k: v | some k, v in y}")
        try expect("a := {\n k: v | some k, v in y\n}", becomes: "a := {k: v |\n\tsome k, v in y\n}")
        try expect("a := {(x|y)|z}", becomes: "a := {(x | y) | z}")
    }

    @Test
    func expressionsAreSpaced() throws {
        try expect(
            "p if {\n x:=-1+(2*y) - -3\n not x\n some a,b\n some k , v in xs\n every z in xs{z}\n every i,z in xs {\n i;z}\n}",
            becomes: """
                p if {
                \tx := -1 + (2 * y) - -3
                \tnot x
                \tsome a, b
                \tsome k, v in xs
                \tevery z in xs { z }
                \tevery i, z in xs {
                \t\ti
                \t\tz
                \t}
                }
                """)
        try expect("p if ((x))", becomes: "p if x")
        try expect("p if (a, b in c)", becomes: "p if (a, b in c)")
        try expect("p if x ==\n 1", becomes: "p if x == 1")
        try expect("p if {\nx # c\n == 1\n}", becomes: "p if {\n\tx # c\n\t\t== 1\n}")
    }

    @Test
    func modifiersKeepTheirLines() throws {
        try expect(
            "p if {\n f(1) with input.a as \"a\"\n   with input.b as {\n\"x\": 1}\n   with data.c as d with e as f\n y\n}",
            becomes: """
                p if {
                \tf(1) with input.a as "a"
                \t\twith input.b as {
                \t\t\t"x": 1,
                \t\t}
                \t\twith data.c as d with e as f
                \ty
                }
                """)
        try expect("p if {\n\tsome a, b,\n c, d\n}", becomes: "p if {\n\tsome a, b,\n\t\tc, d\n}")
    }

    @Test
    func referencesAreDotted() throws {
        try expect(
            "p if input[\"a\"][`b`][\"c d\"][\"not\"].if[x][0][\"\"]",
            becomes: "p if input.a.b[\"c d\"][\"not\"].if[x][0][\"\"]")
        try expect("p[\"a\"] := 1\nq.a := 1", becomes: "p[\"a\"] := 1\nq.a := 1")
        try expect("p[\"a\"][\"b\"] := 1", becomes: "p.a.b := 1")
        #expect(try Self.formatted("package a[\"b\"]\nimport data[\"x\"]") == "package a.b\n\nimport data.x\n")
    }

    @Test
    func spellingsStay() throws {
        try expect("a := 1.50e+3\nb := \"\\u00e9\\/\"", becomes: "a := 1.50e+3\nb := \"\\u00e9\\/\"")
        try expect("a := `x\n  y\\n`", becomes: "a := `x\n  y\\n`")
        try expect(
            "a := $\"x {  input.y+1  } \\{z} {[1,2]}\"\nb := $`{ x }\n  {y}`",
            becomes: "a := $\"x {input.y + 1} \\{z} {[1, 2]}\"\nb := $`{x}\n  {y}`")
        try expect(
            "a := $\"{[\n1]} { # one\nx # two\n} {\n# three\n\ny}\"",
            becomes: "a := $\"{[\n\t\t1,\n\t]} { # one\n\tx # two\n\t} {\n\t# three\n\n\ty}\"")
    }

    @Test
    func importsAreSortedInTheirGroups() throws {
        let output = try Self.formatted(
            """
            # about


            package p
            import input.z # z
            import data.b as y
            import data.b
            # apart
            import data.c;import data.a

            import rego.v1
            x := 1
            """)
        #expect(
            output == """
                # about

                package p

                import data.b
                import data.b as y
                import input.z # z

                # apart
                import data.a
                import data.c

                import rego.v1

                x := 1

                """)
    }

    @Test
    func commentsStay() throws {
        try expect(
            """
            # METADATA
            # title: x
            # METADATA
            #  scope: document
            p if { # open
            # first

              a # at a


              # before b
              b
              c := [ # array
              # one
              1, # is one
              2 # is two
              # end
              ] # closed
              d := {"a": # key
                1,
                "b": 2 # two
                , "c": 3}
              # last

            } # after
            q := 1 # q

            # the end

            # really
            """,
            becomes: """
                # METADATA
                # title: x

                # METADATA
                #  scope: document
                p if { # open
                \t# first

                \ta # at a

                \t# before b
                \tb
                \tc := [ # array
                \t\t# one
                \t\t1, # is one
                \t\t2, # is two
                \t\t# end
                \t] # closed
                \td := {
                \t\t"a": # key
                \t\t\t1,
                \t\t"b": 2, # two
                \t\t"c": 3,
                \t}
                \t# last
                } # after

                q := 1 # q

                # the end

                # really
                """)
    }

    // MARK: Rego v0

    @Test
    func oldModulesKeepTheirWords() throws {
        try expect(
            "default allow=false\nallow{input.x}\ndeny[msg]{msg=\"x\"}\nf(x)=y{y=x}{y=1}\nm[k]=v{v=x[k]}\ns[\"x\"]",
            becomes: """
                default allow = false

                allow {
                \tinput.x
                }

                deny[msg] {
                \tmsg = "x"
                }

                f(x) = y {
                \ty = x
                }

                f(x) = y {
                \ty = 1
                }

                m[k] = v {
                \tv = x[k]
                }

                s["x"]
                """, .v0)
    }

    @Test
    func oldModulesAreUpgraded() throws {
        try expect(
            """
            import future.keywords.in # in
            import data.x
            # keyword
            import rego.v1

            default allow=false
            """,
            becomes: "# in\nimport data.x\n\n# keyword\n\ndefault allow := false", .v0, to: .v1)
        try expect(
            """
            default allow=false
            allow{input.x}
            allow = true {
              input.y
            } else = false {
              true
            }
            deny[msg]{msg=sprintf("%v",[1]); msg}
            deny.x
            f(x)=y{y=x}{y=1} # one
            { # two
            y=2}
            m[k]=v{v=x[k]}
            s["x"]
            a.b.c
            g(1)
            """,
            becomes: """
                default allow := false

                allow if input.x

                allow if {
                \tinput.y
                } else := false

                deny contains msg if {
                \tmsg = sprintf("%v", [1])
                \tmsg
                }

                deny contains "x"

                f(x) := y if y = x

                f(x) := y if y = 1 # one

                f(x) := y if { # two
                \ty = 2
                }

                m[k] := v if v = x[k]
                s contains "x"
                a.b.c := true
                g(1)
                """, .v0, to: .v1)
    }

    @Test
    func namesThatBecameKeywordsAreRefused() throws {
        let error = #expect(throws: RegoErrors.self) {
            try Self.formatted("package p\n\nif = 1 { input.in }", .v0, to: .v1)
        }
        #expect(error?.errors.first?.row == 3)
        #expect(error?.errors.first?.message.contains("`if`") == true)
    }

    // MARK: Bad input

    @Test(arguments: ["", "package", "package p\nx := ", "package p\nx := [1", "package p\n\"", "x := 1"])
    func whatIsNoModuleIsAParseError(_ text: String) throws {
        let wanted = #expect(throws: RegoError.self) {
            try Parser.module(SourceText(name: "m.rego", bytes: Array(text.utf8)), version: .v1)
        }
        let error = #expect(throws: RegoErrors.self) { try Self.formatted(text) }
        #expect(error?.errors.first == wanted)
    }

    @Test
    func badEncodingIsAParseError() {
        #expect(throws: RegoErrors.self) {
            try Formatter().format(Array("package p\n\nx := \"".utf8) + [0xFF, 0x22], name: "m.rego")
        }
    }

    @Test
    func lineEndsOfWindowsGo() throws {
        #expect(try Self.formatted("package p\r\n# c \r\nx := 1\r\n") == "package p\n\n# c\nx := 1\n")
    }
}
