import TestSupport
import Testing

@testable import Rego

/// Every builtin with values that nobody would give it: a result, an error or undefined, but no crash.
@Suite struct BuiltinFuzzTests {
    private static let texts = [
        "", "a", "é😀", "\u{0}", "-1", "1e400", "9223372036854775807", "%", "%[9]*.3d%v%!", "%999999d%x", "[", "(a",
        "a{2,1}",
        "(?P<n>a)|\\pL*", "(x+x+)+y", "\\", "{a,b", "**.c", "<.*", "{{.a}}", "{{- .", "/a/0/b~1", "a/b", "1.2.3-a.1+b",
        "10.0.0.0/8", "::/0", "::ffff:1.2.3.4", "fe80::1%eth0", "2024-02-30T25:61:61Z", "2022-12-02T18:40:53.14+05:30",
        "Mon Jan _2 15:04:05.000 MST 2006", "Europe/Berlin", "../etc/passwd", "1h2m", "12Ki", "5E", "1e-2KB",
        "{\"a\":[1,{\"b\":null}]}", "{\"type\":\"object\",\"$ref\":\"#\"}", "a: &x [*x]", "- - - {", "<<: 1",
        "a=1&b=%zz", "aGVsbG8=",
        "eyJhbGciOiJIUzI1NiJ9.e30.AA", "..", "{\"kty\":\"RSA\",\"n\":\"AQ\",\"e\":\"AQAB\"}", "{\"keys\":[]}",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "MIIBoDCCAUagAwIBAgIRAJXcMYZALXooNq",
        "urn:uuid:000003e8-48b9-21ee-b200-325096b39f47",
        "query { a(b: [1, {c: $d}]) @e { ...F } } fragment F on T { x }",
        "type T implements I & J { a(b: Int! = 1): [T!]! @d } union U = | T",
    ]
    private static let numbers = [
        "0", "-1", "2", "64", "-0", "1.5", "1e-9", "1e100000", "-1e-100000", "9223372036854775807",
        "-9223372036854775808",
        "18446744073709551616", "123456789012345678901234567890", "1700000000000000000", "0.1",
    ]

    private struct Maker {
        var generator: SeededRandom

        mutating func value(_ depth: Int = 0) -> RegoValue {
            switch Int.random(in: 0..<(depth > 2 ? 5 : 9), using: &generator) {
            case 0: return .null
            case 1: return .bool(Bool.random(using: &generator))
            case 2: return .number(RegoNumber(spelling: numbers.randomElement(using: &generator) ?? "0") ?? 0)
            case 3, 4: return text()
            case 5: return .array(RegoArray(values(depth)))
            case 6: return .set(RegoSet(values(depth)))
            default: return .object(RegoObject(values(depth).map { (key(), $0) }))
            }
        }

        private mutating func key() -> RegoValue {
            let known = [
                "a", "op", "path", "value", "type", "properties", "items", "$ref", "secret", "cert", "alg", "kty",
                "url", "method",
            ]
            return Bool.random(using: &generator) ? RegoValue(known.randomElement(using: &generator) ?? "a") : value(3)
        }

        private mutating func values(_ depth: Int) -> [RegoValue] {
            (0..<Int.random(in: 0...4, using: &generator)).map { _ in value(depth + 1) }
        }

        /// Sometimes with a byte changed.
        private mutating func text() -> RegoValue {
            var bytes = Array((texts.randomElement(using: &generator) ?? "").utf8)
            if !bytes.isEmpty, Int.random(in: 0..<4, using: &generator) == 0 {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(
                    in: 0x20..<0x7F, using: &generator)
            }
            return .string(RegoString(decoding: bytes))
        }

        /// Mostly of the type declared.
        mutating func value(of type: RegoType) -> RegoValue {
            if Int.random(in: 0..<8, using: &generator) == 0 { return value() }
            switch type {
            case .any: return value()
            case .null: return .null
            case .boolean: return .bool(Bool.random(using: &generator))
            case .number: return .number(RegoNumber(spelling: numbers.randomElement(using: &generator) ?? "0") ?? 0)
            case .string: return text()
            case .array(let first, let rest):
                let more = rest.map { rest in
                    (0..<Int.random(in: 0...3, using: &generator)).map { _ in value(of: rest) }
                }
                return .array(RegoArray(first.map { value(of: $0) } + (more ?? [])))
            case .set(let element):
                return .set(RegoSet((0..<Int.random(in: 0...3, using: &generator)).map { _ in value(of: element) }))
            case .object(let members, let rest):
                var object = RegoObject(members.map { ($0.key, value(of: $0.type)) })
                for _ in 0..<Int.random(in: 0...3, using: &generator) where rest != nil {
                    object.updateValue(
                        value(of: rest?.value ?? .any), forKey: Bool.random(using: &generator) ? key() : text())
                }
                return .object(object)
            case .union(let types): return value(of: types.randomElement(using: &generator) ?? .any)
            }
        }
    }

    @Test func nothingCrashes() {
        var maker = Maker(generator: SeededRandom(seed: 20_261_121))
        let limits = EvaluationLimits(steps: 100_000, memory: 1 << 20)
        let names = BuiltinRegistry.standard.names.sorted()
        var results = 0
        for _ in 0..<8 {
            for name in names {
                guard let builtin = BuiltinRegistry.standard[name] else { continue }
                var types = builtin.declaration.arguments
                if builtin.declaration.isVariadic, let last = types.last { types += [last, last] }
                let arguments = types.map { maker.value(of: $0) }
                let context = BuiltinContext(
                    nowNanoseconds: 1_700_000_000_000_000_000, limits: limits, print: { _, _ in })
                if (try? builtin.run(arguments, context)) != nil { results += 1 }
            }
        }
        #expect(results > names.count)
    }
}
