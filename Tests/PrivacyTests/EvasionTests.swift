import Core
import Testing

@testable import Privacy

/// Disguises, each applied to several kinds of values: whatever it looks like, it is found, and where it stands is said.
@Suite struct EvasionTests {
    static let subjects: [(value: String, kind: PrivacyKind)] = [
        ("jane.doe@example.org", .email), ("4111111111111111", .creditCard), ("GB82WEST12345698765432", .iban),
        ("219-09-9998", .ssn), ("192.0.2.17", .ip), ("12345678Z", .nationalID),
    ]

    struct Disguise: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var apply: @Sendable (String) -> String
    }

    static func mapped(_ change: @escaping @Sendable (UInt32) -> UInt32) -> @Sendable (String) -> String {
        { text in
            var result = String.UnicodeScalarView()
            for scalar in text.unicodeScalars {
                if let changed = Unicode.Scalar(change(scalar.value)) { result.append(changed) }
            }
            return String(result)
        }
    }

    static func between(_ mark: String) -> @Sendable (String) -> String {
        { text in text.map { String($0) }.joined(separator: mark) }
    }

    static func hex(_ value: UInt8) -> String { String(value >> 4, radix: 16) + String(value & 15, radix: 16) }

    static let disguises: [Disguise] = [
        Disguise(testDescription: "fullwidth", apply: mapped { $0 > 0x20 ? $0 + 0xfee0 : $0 }),
        Disguise(
            testDescription: "mathematical",
            apply: mapped { value in
                switch value {
                case 0x30...0x39: 0x1d7ce + value - 0x30
                case 0x41...0x5a: 0x1d400 + value - 0x41
                case 0x61...0x7a: 0x1d41a + value - 0x61
                default: value
                }
            }),
        Disguise(testDescription: "zero-width space", apply: between("\u{200b}")),
        Disguise(testDescription: "soft hyphen", apply: between("\u{ad}")),
        Disguise(testDescription: "word joiner", apply: between("\u{2060}")),
        Disguise(testDescription: "bidi override", apply: { "\u{202d}" + between("\u{202c}")($0) + "\u{202c}" }),
        Disguise(testDescription: "tag characters", apply: between("\u{e0041}")),
        Disguise(testDescription: "JSON escapes", apply: { $0.utf8.map { "\\u00" + hex($0) }.joined() }),
        Disguise(testDescription: "hexadecimal escapes", apply: { $0.utf8.map { "\\x" + hex($0) }.joined() }),
        Disguise(testDescription: "braced escapes", apply: { $0.utf8.map { "\\u{" + hex($0) + "}" }.joined() }),
        Disguise(testDescription: "decimal entities", apply: { $0.utf8.map { "&#\($0);" }.joined() }),
        Disguise(testDescription: "hexadecimal entities", apply: { $0.utf8.map { "&#x" + hex($0) + ";" }.joined() }),
        Disguise(testDescription: "percent encoding", apply: { $0.utf8.map { "%" + hex($0) }.joined() }),
        Disguise(testDescription: "double percent", apply: { $0.utf8.map { "%25" + hex($0) }.joined() }),
        Disguise(testDescription: "base64", apply: { Base64.encode(Array(("my value: " + $0 + " ok").utf8)) }),
        Disguise(testDescription: "hexadecimal", apply: { ("value: " + $0 + " ok").utf8.map(hex).joined() }),
        Disguise(testDescription: "spaced", apply: between(" ")),
    ]

    @Test(arguments: disguises) func isSeenThrough(_ disguise: Disguise) throws {
        for subject in Self.subjects {
            let hidden = disguise.apply(subject.value)
            let text = "Take this: \(hidden) and go."
            let bytes = Array(text.utf8)
            let found = try scanner.get().findings(in: bytes).filter { $0.kind == subject.kind }
            #expect(!found.isEmpty, "\(subject.kind) as \(hidden)")
            // What is found lies within the disguise.
            for finding in found {
                #expect(finding.range.lowerBound >= 11 && finding.range.upperBound <= 11 + hidden.utf8.count)
            }
        }
    }

    @Test(arguments: [
        ("jane.doe (at) example (dot) org", PrivacyKind.email), ("jane.doe[at]example[dot]org", .email),
        ("j\u{430}ne@ex\u{430}mple.org", .email), ("4 1 1 1 - 1 1 1 1 - 1 1 1 1 - 1 1 1 1", .creditCard),
        ("4111\u{2013}1111\u{2013}1111\u{2013}1111", .creditCard), ("4111\u{a0}1111\u{a0}1111\u{a0}1111", .creditCard),
        ("٤١١١١١١١١١١١١١١١", .creditCard), ("②①⑨-09-9998", .ssn), ("4111.1111.1111.1111", .creditCard),
        ("GB82-WEST-1234-5698-7654-32", .iban), ("\\nGB82WEST12345698765432", .iban),
    ])
    func isFound(text: String, kind: PrivacyKind) throws {
        #expect(try kinds("see \(text) .").contains(kind), "\(text)")
    }

    @Test func wordsOfOtherScriptsStay() throws {
        let russian = Array("Сегодня хорошая погода в городе".utf8)
        #expect(russian.withUnsafeBytes { Normaliser.views(of: $0) }?.isEmpty == true)
        #expect(
            Array("Plain text, with “quotes” — and dashes.".utf8).withUnsafeBytes { Normaliser.views(of: $0) }?.count
                == 0)
    }

    /// Every byte of a view maps to the bytes that it came from.
    @Test(arguments: disguises) func mapsBack(_ disguise: Disguise) throws {
        let bytes = Array(("ab " + disguise.apply("jane@example.org") + " yz").utf8)
        let views = try #require(bytes.withUnsafeBytes { Normaliser.views(of: $0) })
        for view in views {
            var last = 0
            for index in view.bytes.indices {
                let range = view.original(index..<(index + 1))
                #expect(!range.isEmpty && range.upperBound <= bytes.count && range.lowerBound >= last - 12)
                last = range.lowerBound
            }
            if let first = view.bytes.firstIndex(of: 0x61), view.bytes.starts(with: Array("ab ".utf8)) {
                #expect(view.original(first..<(first + 2)) == 0..<2)
                #expect(view.original((view.bytes.count - 2)..<view.bytes.count) == (bytes.count - 2)..<bytes.count)
            }
        }
    }
}
