import Core

/// National identifiers that are digits with check digits or ranges.
extension Detector {
    private static func id(
        _ id: String, _ region: Region, _ counts: Int, _ layouts: [[Int]], plain: Double = 0, _ context: [String],
        kind: PrivacyKind = .nationalID, label: Label = .pii, confidence: Double = 0.7,
        _ check: @escaping @Sendable (Digits) -> Bool
    ) -> Detector {
        Detector(
            id, kind, label, in: [region], confidence: confidence, withContext: 0.95, context: context,
            .number(counts: counts...counts, layouts: layouts, plain: plain, check: check))
    }

    static let americanNumbers: [Detector] = [
        id(
            "id.us.ssn", "US", 9, [[3, 2, 4]],
            ["ssn", "social security", "social sec", "soc sec", "tax id", "taxpayer"],
            kind: .ssn, confidence: 0.85
        ) { isSSN($0) },
        id("id.us.itin", "US", 9, [[3, 2, 4]], ["itin", "taxpayer", "tax id"], confidence: 0.7) {
            let group = $0.number(3..<5)
            return $0[0] == 9 && (50...65).contains(group)
                || $0[0] == 9 && (70...99).contains(group) && group != 89
                    && group != 93
        },
        id(
            "id.ca.sin", "CA", 9, [[3, 3, 3]], ["sin", "social insurance", "assurance sociale", "nas"], confidence: 0.6
        ) { $0[0] != 0 && $0[0] != 8 && !$0.allSame && Checksum.luhn($0) },
        id("id.br.cpf", "BR", 11, [[3, 3, 3, 2]], plain: 0.4, ["cpf"], confidence: 0.9) { isCPF($0) },
        id("id.br.cnpj", "BR", 14, [[2, 3, 3, 4, 2]], plain: 0.5, ["cnpj"], confidence: 0.9) { isCNPJ($0) },
    ]

    static let europeanNumbers: [Detector] = [
        id("id.de.steuer", "DE", 11, [[2, 3, 3, 3]], ["steuer", "idnr", "tin", "tax id", "identifikationsnummer"]) {
            isSteuerID($0)
        },
        id(
            "id.fr.nir", "FR", 15, [[1, 2, 2, 2, 3, 3, 2], [13, 2]], plain: 0.6,
            [
                "nir", "sécurité sociale", "securite sociale", "insee", "n° ss", "numéro de sécu",
            ], confidence: 0.9
        ) {
            (1...8).contains($0[0]) && $0.number(3..<5) > 0 && 97 - $0.number(0..<13) % 97 == $0.number(13..<15)
        },
        id("id.nl.bsn", "NL", 9, [[4, 2, 3], [3, 3, 3]], ["bsn", "burgerservice", "sofi"], confidence: 0) {
            !$0.allSame && ($0.weighted([9, 8, 7, 6, 5, 4, 3, 2]) - $0[8]) % 11 == 0
        },
        id("id.pl.pesel", "PL", 11, [], plain: 0.5, ["pesel"]) {
            isDay($0.number(4..<6), ($0.number(2..<4) - 1) % 20 + 1)
                && (10 - $0.weighted([1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10) % 10 == $0[10]
        },
        id("id.se.personnummer", "SE", 10, [[6, 4]], ["personnummer", "personal number", "pnr", "samordnings"]) {
            isDay($0.number(4..<6) % 60, $0.number(2..<4)) && Checksum.luhn($0)
        },
        id("id.se.personnummer12", "SE", 12, [[8, 4]], plain: 0.5, ["personnummer", "personal number", "pnr"]) {
            let isCentury = $0.number(0..<2) == 19 || $0.number(0..<2) == 20
            return isCentury && isDay($0.number(6..<8) % 60, $0.number(4..<6))
                && Checksum.luhn(Digits(bytes: UnsafeBufferPointer(rebasing: $0.bytes[2...])))
        },
        id("id.no.fodselsnummer", "NO", 11, [[6, 5]], plain: 0.6, ["fødselsnummer", "fodselsnummer", "personnummer"]) {
            isDay($0.number(0..<2) % 40, $0.number(2..<4) % 40) && isFodselsnummer($0)
        },
        id("id.dk.cpr", "DK", 10, [[6, 4]], ["cpr", "personnummer"], confidence: 0.6) {
            isDay($0.number(0..<2), $0.number(2..<4))
        },
        id(
            "id.be.rrn", "BE", 11, [[2, 2, 2, 3, 2], [6, 3, 2]], plain: 0.4,
            [
                "rijksregister", "national number", "registre national", "nrn", "insz", "niss",
            ]
        ) {
            let body = $0.number(0..<9), check = $0.number(9..<11)
            return isDay($0.number(4..<6), $0.number(2..<4) % 20)
                && (97 - body % 97 == check || 97 - (2_000_000_000 + body) % 97 == check)
        },
        id("id.pt.nif", "PT", 9, [[3, 3, 3]], ["nif", "contribuinte"], confidence: 0) {
            let rest = $0.weighted([9, 8, 7, 6, 5, 4, 3, 2]) % 11
            return (rest < 2 ? 0 : 11 - rest) == $0[8]
        },
        id("id.ch.ahv", "CH", 13, [[3, 4, 4, 2]], plain: 0.6, ["ahv", "avs", "sozialversicherung"], confidence: 0.9) {
            $0.number(0..<3) == 756 && ($0.weighted([1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1])) % 10 == 0
        },
        id("id.gb.nhs", "GB", 10, [[3, 3, 4]], ["nhs"], label: .phi, confidence: 0) {
            let check = 11 - $0.weighted([10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11
            return check % 11 == $0[9] && !$0.allSame
        },
        id("id.cz.rodne", "CZ", 10, [[6, 4]], ["rodné", "rodne", "birth number"], confidence: 0.6) {
            isDay($0.number(4..<6), $0.number(2..<4) % 50 % 20) && $0.number(0..<10) % 11 == 0
        },
    ]

    static let otherNumbers: [Detector] = [
        id("id.in.aadhaar", "IN", 12, [[4, 4, 4]], ["aadhaar", "aadhar", "uidai", "uid"], confidence: 0.75) {
            $0[0] > 1 && Checksum.verhoeff($0)
        },
        id("id.au.tfn", "AU", 9, [[3, 3, 3]], ["tfn", "tax file"], confidence: 0) {
            $0.weighted([1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 == 0
        },
        id("id.au.medicare", "AU", 10, [[4, 5, 1]], ["medicare"], label: .phi, confidence: 0.7) {
            (2...6).contains($0[0]) && $0.weighted([1, 3, 7, 9, 1, 3, 7, 9]) % 10 == $0[8]
        },
        id("id.us.npi", "US", 10, [], ["npi", "national provider"], kind: .npi, label: .phi) {
            // 80840, which comes before it for the check, adds 24.
            ($0[0] == 1 || $0[0] == 2) && Checksum.luhn($0, prefix: 24)
        },
        Detector(
            "pci.card", .creditCard, .pci, confidence: 0.8, withContext: 0.97,
            context: [
                "card", "visa", "mastercard", "amex", "american express", "credit", "debit", "cc", "karte", "carte",
                "tarjeta", "carta", "cartão", "cartao", "kort", "karta", "pan", "maestro", "discover", "payment",
            ],
            .number(
                counts: 12...19,
                layouts: [
                    [4, 4, 4, 4], [4, 6, 5], [4, 6, 4], [4, 4, 4, 4, 3], [4, 4, 4, 4, 2], [6, 13], [4, 4, 4, 1],
                    [4, 4, 4], [4, 4, 5], [8, 8], [6, 4, 5],
                ], plain: 0.8,
                check: { PaymentCard.isOne($0) })),
    ]

    static func isSSN(_ digits: Digits) -> Bool {
        let area = digits.number(0..<3)
        guard area != 0, area != 666, area < 900, digits.number(3..<5) != 0, digits.number(5..<9) != 0 else {
            return false
        }
        // Printed on wallets and in advertisements: nobody's.
        return ![78_051_120, 219_099_999, 123_456_789].contains(digits.number(0..<9)) && !digits.allSame
    }

    static func isDay(_ day: Int, _ month: Int) -> Bool { (1...31).contains(day) && (1...12).contains(month) }

    static func isCPF(_ digits: Digits) -> Bool {
        func check(_ count: Int) -> Int {
            let rest = (0..<count).reduce(0) { $0 + (count + 1 - $1) * digits[$1] } * 10 % 11
            return rest == 10 ? 0 : rest
        }
        return !digits.allSame && check(9) == digits[9] && check(10) == digits[10]
    }

    static func isCNPJ(_ digits: Digits) -> Bool {
        func check(_ weights: [Int]) -> Int {
            let rest = digits.weighted(weights) % 11
            return rest < 2 ? 0 : 11 - rest
        }
        return !digits.allSame && check([5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) == digits[12]
            && check([6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) == digits[13]
    }

    /// Of the first ten digits, one occurs twice or three times and the first is not 0.
    static func isSteuerID(_ digits: Digits) -> Bool {
        var counts = [Int](repeating: 0, count: 10)
        for index in 0..<10 { counts[digits[index]] += 1 }
        let repeated = counts.filter { $0 > 1 }
        return digits[0] != 0 && repeated.count == 1 && (2...3).contains(repeated[0]) && Checksum.mod11Comma10(digits)
    }

    static func isFodselsnummer(_ digits: Digits) -> Bool {
        digits.weighted([3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 == 0
            && digits.weighted([5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0
    }
}

/// Numbers of payment cards: issuers' ranges (ISO/IEC 7812-1) and the lengths that each issues.
enum PaymentCard {
    static func isOne(_ digits: Digits) -> Bool {
        guard !digits.allSame, lengths(digits).contains(digits.count) else { return false }
        return Checksum.luhn(digits)
    }

    private static func lengths(_ digits: Digits) -> ClosedRange<Int> {
        let four = digits.number(0..<4)
        switch four {
        case 4000...4999: return digits.count == 13 || digits.count == 16 || digits.count == 19 ? 13...19 : 1...1
        case 5100...5599, 2221...2720: return 16...16
        case 3400...3499, 3700...3799: return 15...15
        case 3000...3059, 3095...3095, 3600...3699, 3800...3999: return 14...19
        case 1800...1800, 2131...2131: return 15...15
        case 3500...3599: return 16...19
        case 6011...6011, 6440...6599, 6200...6299, 8100...8199: return 16...19
        case 5000...5099, 5600...5899, 6000...6999, 604...604: return 12...19
        case 2200...2204: return 16...19
        default: return 1...1
        }
    }
}
