import Core
import Testing

@testable import Privacy

/// National numbers: each detector takes a value whose check digits or ranges are right, and no neighbour of it. The
/// values are those of the issuers' own examples, or were worked out from their rules apart from this code.
@Suite struct NationalNumberTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var id: String
        /// Words before it, where the number alone says too little.
        var words = ""
        var right: [String]
        var wrong: [String]

        var testDescription: String { id }
    }

    static let cases: [Case] = [
        Case(
            id: "id.us.ssn", right: ["219-09-9998", "SSN 219099998"],
            wrong: ["000-12-3456", "666-12-3456", "900-12-3456", "123-00-4567", "123-45-0000", "219-09-9999"]),
        Case(
            id: "id.us.itin", right: ["912-70-1234", "912-50-1234"],
            wrong: ["912-45-1234", "912-89-1234", "812-70-1234"]),
        Case(id: "id.us.npi", words: "NPI", right: ["1234567893"], wrong: ["1234567890", "3234567893"]),
        Case(id: "id.ca.sin", right: ["130 692 544"], wrong: ["130 692 545", "046 454 286"]),
        Case(id: "id.br.cpf", right: ["111.444.777-35", "11144477735"], wrong: ["111.444.777-36", "111.111.111-11"]),
        Case(id: "id.br.cnpj", right: ["11.222.333/0001-81"], wrong: ["11.222.333/0001-82"]),
        Case(id: "id.de.steuer", right: ["86 095 742 719"], wrong: ["86 095 742 718", "06 095 742 719"]),
        Case(id: "id.fr.nir", right: ["2 55 08 14 168 025 38", "255081416802538"], wrong: ["2 55 08 14 168 025 39"]),
        Case(id: "id.nl.bsn", words: "BSN", right: ["111222333", "1112.22.333"], wrong: ["111222334", "111111111"]),
        Case(id: "id.pl.pesel", right: ["44051401458", "02270803624"], wrong: ["44051401459", "44153301458"]),
        Case(id: "id.se.personnummer", right: ["811218-9876"], wrong: ["811218-9877", "811318-9876"]),
        Case(
            id: "id.se.personnummer12", right: ["19811218-9876", "198112189876"],
            wrong: ["19811218-9875", "17811218-9876"]),
        Case(
            id: "id.no.fodselsnummer", right: ["150765 00050", "15076500050"], wrong: ["15076500051", "35136500050"]),
        Case(id: "id.dk.cpr", right: ["211062-5629"], wrong: ["321062-5629", "211362-5629"]),
        Case(
            id: "id.be.rrn", right: ["85.07.30-033.28", "15.07.30-033.42"],
            wrong: ["85.07.30-033.29", "85.13.30-033.28"]),
        Case(id: "id.pt.nif", words: "NIF", right: ["123456789", "123 456 789"], wrong: ["123456788"]),
        Case(id: "id.ch.ahv", right: ["756.9217.0769.85"], wrong: ["756.9217.0769.84", "757.9217.0769.85"]),
        Case(id: "id.gb.nhs", words: "NHS number", right: ["943 476 5919", "9434765919"], wrong: ["943 476 5918"]),
        Case(id: "id.cz.rodne", right: ["780123/3550", "785523/3540"], wrong: ["780123/3551", "781323/3540"]),
        Case(id: "id.in.aadhaar", right: ["2341 2341 2346"], wrong: ["2341 2341 2347", "1341 2341 2346"]),
        Case(id: "id.au.tfn", words: "tax file number", right: ["123 456 782"], wrong: ["123 456 783"]),
        Case(id: "id.au.medicare", right: ["2123 45670 1"], wrong: ["2123 45671 1", "7123 45670 1"]),
        Case(id: "id.es.dni", right: ["12345678Z", "X1234567L", "Y1234567X"], wrong: ["12345678A", "X1234567M"]),
        Case(id: "id.it.codicefiscale", right: ["RSSMRA85T10A562S"], wrong: ["RSSMRA85T10A562T", "RSSMRA85F10A562S"]),
        Case(id: "id.in.pan", right: ["AFZPK7190K"], wrong: ["AFZDK7190K", "AFZPK719KK"]),
        Case(id: "id.gb.nino", right: ["AB123456C", "AB 12 34 56 C"], wrong: ["DA123456C", "BG123456C", "AB123456E"]),
        Case(id: "id.fi.hetu", right: ["131052-308T", "010305A123A"], wrong: ["131052-308U", "131352-308T"]),
    ]

    private func found(_ id: String, in text: String) throws -> [String] {
        let bytes = Array(text.utf8)
        let scanner = try scanner.get()
        return try bytes.withUnsafeBytes { try scanner.candidates(in: $0) }
            .filter { scanner.detectors[$0.detector].id == id }.map { String(decoding: bytes[$0.range], as: UTF8.self) }
    }

    @Test func everyDetectorHasItsCase() {
        let numbers = Detector.builtin.filter { [.nationalID, .ssn, .npi].contains($0.kind) }
        #expect(Set(numbers.map(\.id)) == Set(Self.cases.map(\.id)))
    }

    @Test(arguments: cases) func takesTheRightAndNotTheWrong(_ example: Case) throws {
        for value in example.right {
            let values = try found(example.id, in: "It was \(example.words) \(value), they said")
            #expect(values.contains { value.hasSuffix($0) && $0.utf8.count >= 9 }, "\(value): \(values)")
        }
        for value in example.wrong {
            #expect(try found(example.id, in: "It was \(example.words) \(value), they said").isEmpty, "\(value)")
        }
    }

    /// Only where words speak of it.
    @Test(arguments: [
        ("id.us.npi", "NPI", "1234567893"), ("id.nl.bsn", "BSN", "111222333"), ("id.pt.nif", "NIF", "123456789"),
        ("id.gb.nhs", "NHS", "9434765919"), ("id.au.tfn", "TFN", "123456782"),
        ("pii.passport", "passport", "C01X00T47"),
        ("pii.driving", "driving licence", "F255921500940"), ("phi.mrn", "MRN", "00482913"),
    ])
    func needsWords(_ id: String, _ words: String, _ value: String) throws {
        #expect(try found(id, in: "the \(words) is \(value).") == [value])
        #expect(try found(id, in: "the thing is \(value).").isEmpty)
    }
}
