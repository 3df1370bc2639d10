import Core

/// Identifiers of letters and digits.
extension Detector {
    static let tokens: [Detector] = [
        Detector(
            "id.es.dni", .nationalID, in: ["ES"], confidence: 0.8, withContext: 0.95, context: ["dni", "nif", "nie"],
            .token(counts: 9...9) { isDNI($0) }),
        Detector(
            "id.it.codicefiscale", .nationalID, in: ["IT"], confidence: 0.95, withContext: 0.98,
            context: ["codice fiscale", "c.f."], .token(counts: 16...16) { isCodiceFiscale($0) }),
        Detector(
            "id.in.pan", .nationalID, in: ["IN"], confidence: 0.6, withContext: 0.95,
            context: ["pan", "permanent account"],
            .token(counts: 10...10) {
                $0.isLetters(0..<5) && $0.isDigits(5..<9) && $0.isLetters(9..<10)
                    && "ABCFGHLJPT".utf8.contains($0.bytes[3])
            }),
        Detector(
            "id.gb.nino", .nationalID, in: ["GB"], confidence: 0.8, withContext: 0.95,
            context: ["national insurance", "nino", "ni number", "ni no"], .form(.nino)),
        Detector(
            "id.fi.hetu", .nationalID, in: ["FI"], confidence: 0.95, withContext: 0.98,
            context: ["hetu", "henkilötunnus"], .form(.hetu)),
        Detector(
            "pii.passport", .passport, confidence: 0, withContext: 0.8,
            context: [
                "passport", "reisepass", "passeport", "pasaporte", "passaporto", "paspoort", "paszport", "pass-nr",
            ],
            .code(counts: 6...10)),
        Detector(
            "pii.driving", .drivingLicence, confidence: 0, withContext: 0.75,
            context: [
                "driver's licen", "drivers licen", "driver licen", "driving licen", "führerschein",
                "permis de conduire",
                "patente", "rijbewijs", "dl number", "licence no", "license no", "license number", "licence number",
                "carnet de conducir", "prawo jazdy", "körkort", "cnh",
            ], .code(counts: 5...18)),
        Detector(
            "phi.mrn", .medicalRecord, .phi, confidence: 0, withContext: 0.8,
            context: ["mrn", "medical record", "patient id", "patient no", "patient number", "chart number"],
            .code(counts: 5...12)),
    ]

    /// DNI: eight digits and a letter that their remainder by 23 chooses; NIE: X, Y, Z stand for 0, 1, 2.
    static func isDNI(_ text: Digits) -> Bool {
        guard text.isDigits(1..<8), text.isLetters(8..<9) else { return false }
        var number = text.number(1..<8)
        switch text.bytes[0] {
        case 0x58...0x5a: number += (Int(text.bytes[0]) - 0x58) * 10_000_000
        case 0x30...0x39: number += text[0] * 10_000_000
        default: return false
        }
        return Array("TRWAGMYFPDXBNJZSQVHLCKE".utf8)[number % 23] == text.bytes[8]
    }

    private static let oddValues = [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
    ]

    /// Letters for surname and name, year, month letter, day, place, check letter (decree of 23 December 1976).
    static func isCodiceFiscale(_ text: Digits) -> Bool {
        guard text.isLetters(0..<6), text.isLetters(8..<9), text.isLetters(11..<12), text.isLetters(15..<16) else {
            return false
        }
        guard "ABCDEHLMPRST".utf8.contains(text.bytes[8]) else { return false }
        var sum = 0
        for index in 0..<15 {
            let value = text[index] < 10 ? text[index] : text[index] - 10
            sum += index % 2 == 0 ? oddValues[value] : value
        }
        return sum % 26 == text[15] - 10
    }

    /// Prefixes that are not issued are refused (HMRC, NIM39110).
    static func isNINO(_ text: Digits) -> Bool {
        guard text.count == 9, text.isLetters(0..<2), text.isDigits(2..<8), (0x41...0x44).contains(text.bytes[8]) else {
            return false
        }
        let (first, second) = (text.bytes[0], text.bytes[1])
        if "DFIQUV".utf8.contains(first) || "DFIOQUV".utf8.contains(second) { return false }
        return !["BG", "GB", "NK", "KN", "TN", "NT", "ZZ"].contains { $0.utf8.elementsEqual([first, second]) }
    }

    /// Day, month, year, sign of the century, serial, check character from the remainder by 31.
    static func isHetu(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let digits = (Array(bytes[..<6]) + Array(bytes[7..<10])).map { Int($0) - 0x30 }
        guard digits.allSatisfy({ (0...9).contains($0) }), isDay(digits[0] * 10 + digits[1], digits[2] * 10 + digits[3])
        else { return false }
        guard "+-ABCDEFYXWVU".utf8.contains(bytes[6]) else { return false }
        let number = digits.reduce(0) { $0 * 10 + $1 }
        return Array("0123456789ABCDEFHJKLMNPRSTUVWXY".utf8)[number % 31] == bytes[10]
    }
}
