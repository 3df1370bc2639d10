import Core
import Testing

@testable import Privacy

let scanner = Result { try PrivacyScanner() }

func kinds(_ text: String) throws -> [PrivacyKind] {
    try scanner.get().findings(in: Array(text.utf8)).map(\.kind)
}

func values(_ kind: PrivacyKind, in text: String) throws -> [String] {
    let bytes = Array(text.utf8)
    return try scanner.get().findings(in: bytes).filter { $0.kind == kind }.map {
        String(decoding: bytes[$0.range], as: UTF8.self)
    }
}

@Suite struct PrivacyScannerTests {
    @Test func saysWhereAndWhat() throws {
        let text = "Write to jane.doe@example.org or call +49 30 901820, card 4111 1111 1111 1111."
        #expect(try values(.email, in: text) == ["jane.doe@example.org"])
        #expect(try values(.phone, in: text) == ["+49 30 901820"])
        #expect(try values(.creditCard, in: text) == ["4111 1111 1111 1111"])
    }

    /// Values that issuers and standards publish as examples: card networks' test numbers, SWIFT's IBAN registry,
    /// UIDAI, Wikipedia's worked examples of the check digits.
    @Test(arguments: [
        ("378282246310005", PrivacyKind.creditCard), ("5555555555554444", .creditCard),
        ("3530111333300000", .creditCard),
        ("6011111111111117", .creditCard), ("GB82 WEST 1234 5698 7654 32", .iban), ("DE89370400440532013000", .iban),
        ("FR14 2004 1010 0505 0001 3M02 606", .iban), ("NL91ABNA0417164300", .iban), ("NO9386011117947", .iban),
        ("192.0.2.17", .ip), ("2001:db8::ff00:42:8329", .ip), ("00:1b:44:11:3a:b7", .mac), ("00-1B-44-11-3A-B7", .mac),
        ("12345678Z", .nationalID), ("X1234567L", .nationalID), ("RSSMRA85T10A562S", .nationalID),
        ("131052-308T", .nationalID), ("111.444.777-35", .nationalID), ("11.222.333/0001-81", .nationalID),
        ("AB 12 34 56 C", .nationalID), ("756.9217.0769.85", .nationalID),
        ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", .crypto), ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", .crypto),
        ("0x52908400098527886E0F7030069857D2E4169EE7", .crypto), ("48.85837, 2.29448", .coordinates),
        ("https://example.org/a?b=c", .url), ("219-09-9998", .ssn),
    ])
    func takesKnownValues(text: String, kind: PrivacyKind) throws {
        #expect(try kinds("See \(text) here").contains(kind), "\(text)")
    }

    @Test(arguments: [
        "4111 1111 1111 1112", "GB82 WEST 1234 5698 7654 33", "000-12-3456", "666-12-3456", "123-00-4567",
        "256.1.1.1", "12345678A", "RSSMRA85T10A562T", "111.444.777-36", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb",
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", "version 1.2.3.4", "the total was 12345 units",
        "std::vector::begin", "The build took 35 minutes and used 12 cores.", "a@b", "user@localhost", "12/45/2019x",
    ])
    func leavesOthers(text: String) throws {
        let found = try kinds("See \(text) here")
        #expect(found.filter { ![.date, .phone, .highEntropy].contains($0) } == [], "\(text)")
    }

    @Test(arguments: [
        "born 12 March 1980", "born on March 12, 1980", "DOB: 1980-03-12", "geboren am 12. März 1980",
        "nacido el 12 de marzo de 1980", "né le 12 mars 1980", "date of birth 03/12/1980", "born 12-Mar-1980",
    ])
    func readsDatesOfBirth(text: String) throws { #expect(try kinds(text) == [.dateOfBirth], "\(text)") }

    @Test(arguments: [
        "Mr. Xqrtz called", "My name is Jane Doe.", "Katarzyna Wiśniewska wrote", "by Jón Sigurðsson", "ask Dr. Burke",
        "my name is maria lopez", "Clara R. Dickson says",
    ])
    func findsPersons(text: String) throws { #expect(try kinds(text).contains(.person), "\(text)") }

    @Test(arguments: [
        "221B Baker Street", "Hauptstraße 12", "12 rue de la Paix", "Via Roma 3", "ul. Długa 5",
        "1600 Pennsylvania Avenue",
        "Calle Mayor 10", "Storgatan 5", "P.O. Box 123",
    ])
    func findsAddresses(text: String) throws { #expect(try kinds("at \(text) now").contains(.address), "\(text)") }

    @Test(arguments: ["HTTP, 1 route", "1 route added", "3 plaza"])
    func countsAreNoAddresses(text: String) throws { #expect(try kinds(text).isEmpty, "\(text)") }

    @Test func aSecretThatIsMaskedIsNoneAnyMore() throws {
        let (before, after) = ("postgresql://test_user:", "@db.example/x")
        #expect(try kinds("\(before)hub%…(19)\(after)").contains(.secret) == false)
        #expect(try kinds("\(before)hub%(19)kQ7w\(after)").contains(.secret))
    }

    @Test func secretsComeThroughTheSameRegistry() throws {
        let text = "key: " + token("AKIA", "Q3EGJXK5", "NV7WZ4TB")
        let found = try scanner.get().findings(in: Array(text.utf8))
        #expect(found.map(\.kind) == [.secret])
        #expect(found.map(\.label) == [.secret])
    }

    @Test func contextIsNeededWhereTheShapeSaysLittle() throws {
        #expect(try kinds("passport C01X00T47").contains(.passport))
        #expect(try !kinds("part C01X00T47").contains(.passport))
        #expect(try kinds("MRN: 00482913").contains(.medicalRecord))
        #expect(try kinds("NPI 1234567893").contains(.npi))
    }

    @Test func regionsSwitchDetectorsOff() throws {
        let american = try PrivacyScanner(regions: ["US"])
        #expect(!american.detectors.contains { $0.id == "id.es.dni" })
        #expect(american.detectors.contains { $0.id == "pii.email" })
        #expect(try american.findings(in: Array("See 12345678Z here".utf8)).isEmpty)
    }

    @Test func limitsAreErrors() throws {
        let small = try PrivacyScanner(limits: .init(bytes: 100, findings: 3))
        #expect(throws: GatehouseError.self) { try small.findings(in: [UInt8](repeating: 0x61, count: 101)) }
        let many = Array("a@b.example c@d.example e@f.example g@h.example i@j.example".utf8)
        #expect(throws: GatehouseError.self) { try small.findings(in: many) }
    }

    @Test func anyBytesAreRead() throws {
        let scanner = try scanner.get()
        var generator = SplitMix(state: 7)
        let seed = Array(
            "Mr. José 4111-1111-1111-1111 \\u0041 %41 &#65; aGVsbG8gd29ybGQgYWdhaW4= ａ＠ｂ.ｃｏ 2001:db8::1 (at)".utf8)
        let clock = ContinuousClock()
        let end = clock.now + .seconds(1)
        var rounds = 0
        while clock.now < end || rounds < 50 {
            var bytes = seed
            for _ in 0..<12 {
                bytes[Int(generator.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: generator.next())
            }
            bytes = Array(bytes.prefix(Int(generator.next() % UInt64(bytes.count + 1))))
            for finding in try scanner.findings(in: bytes) {
                #expect(finding.range.lowerBound >= 0 && finding.range.upperBound <= bytes.count)
                #expect(!finding.range.isEmpty)
            }
            rounds += 1
        }
    }
}

/// A seeded generator (Steele, Lea and Flood 2014).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }
}
