/// Words that mix letters and digits.
extension TextWalk {
    mutating func token(_ range: Range<Int>) {
        guard range.count <= 128 else { return }
        if range.count >= 4 { iban(at: range.lowerBound) }
        if range.count >= 26, let form = plan[.crypto], CryptoAddress.isOne(bytes, range) { add(range, form) }
        nino(at: range.lowerBound)
        guard (5...DetectorPlan.longest).contains(range.count) else { return }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: range.count) { buffer in
            for (index, byte) in bytes[range].enumerated() { buffer[index] = byte.isLetter ? byte & 0xdf : byte }
            guard buffer.allSatisfy({ $0.isAlphanumeric }) else { return }
            let value = Digits(bytes: UnsafeBufferPointer(buffer))
            for index in plan.tokens[range.count] {
                guard case .token(_, let check) = plan.detectors[index].finder, check(value) else { continue }
                add(range, index, reasons: [.form, .checksum])
            }
            for index in plan.codes[range.count] { add(range, index, confidence: 0) }
        }
    }

    /// ISO 13616, with or without blanks or hyphens.
    mutating func iban(at start: Int) {
        guard let form = plan[.iban], byte(start).isLetter, byte(start + 1).isLetter, !byte(start - 1).isWord else {
            return
        }
        let country = [byte(start) & 0xdf, byte(start + 1) & 0xdf]
        guard let length = IBANCountries.length(country) else { return }
        var text: [UInt8] = []
        var index = start
        while text.count < length, has(index), index - start < 96 {
            let byte = bytes[index]
            if byte.isAlphanumeric {
                text.append(byte.isLetter ? byte & 0xdf : byte)
            } else if byte != 0x20 && byte != 0x2d && byte != 0x2e || !self.byte(index + 1).isAlphanumeric {
                break
            }
            index += 1
        }
        guard text.count == length, !byte(index).isWord, text[2].isDigit, text[3].isDigit else { return }
        let isRight = text.withUnsafeBufferPointer { Checksum.iban(Digits(bytes: $0)) }
        if isRight { add(start..<index, form, reasons: [.form, .checksum]) }
    }

    /// `AB 12 34 56 C`.
    mutating func nino(at start: Int) {
        guard let form = plan[.nino], byte(start).isLetter, byte(start + 1).isLetter, !byte(start - 1).isWord else {
            return
        }
        var text: [UInt8] = []
        var index = start
        while text.count < 9, has(index) {
            let byte = bytes[index]
            if byte.isAlphanumeric {
                text.append(byte.isLetter ? byte & 0xdf : byte)
            } else if byte != 0x20 && byte != 0x2d {
                return
            }
            index += 1
        }
        guard text.count == 9, !byte(index).isWord else { return }
        if text.withUnsafeBufferPointer({ Detector.isNINO(Digits(bytes: $0)) }) { add(start..<index, form) }
    }

    /// `131052-308T`.
    mutating func hetu(at start: Int, _ form: Int) {
        guard (1..<6).allSatisfy({ byte(start + $0).isDigit }), has(start + 10), !bytes[start + 6].isDigit,
            !byte(start + 11).isWord,
            Detector.isHetu(UnsafeRawBufferPointer(rebasing: bytes[start..<(start + 11)]))
        else { return }
        add(start..<(start + 11), form, reasons: [.form, .checksum])
    }

    /// `48.85837, 2.29448`: two decimals with four places or more, in range.
    mutating func coordinates(at start: Int, _ form: Int) {
        guard let latitude = decimal(start), abs(latitude.value) <= 90 else { return }
        var index = latitude.end
        guard byte(index) == UInt8(ascii: ",") || byte(index) == 0x20 || byte(index) == UInt8(ascii: ";") else {
            return
        }
        index = skipBlanks(index + 1)
        if byte(index) == 0x2d || byte(index) == 0x2b { index += 1 }
        guard let longitude = decimal(index), abs(longitude.value) <= 180 else { return }
        let begin = byte(start - 1) == 0x2d ? start - 1 : start
        add(begin..<longitude.end, form)
    }

    private func decimal(_ start: Int) -> (value: Double, end: Int)? {
        guard let whole = integer(start, upTo: 3), byte(whole.end) == UInt8(ascii: ".") else { return nil }
        var end = whole.end + 1
        while has(end), bytes[end].isDigit { end += 1 }
        guard end - whole.end > 4, end - whole.end < 16, !byte(end).isWord else { return nil }
        return (Double(whole.value), end)
    }

    /// Long words of many kinds of characters: keys that no rule knows.
    mutating func longWord(_ range: Range<Int>) {
        guard let form = plan[.highEntropy], (24...256).contains(range.count) else { return }
        var (digits, capitals, smalls) = (0, 0, 0)
        for byte in bytes[range] {
            if byte.isDigit {
                digits += 1
            } else if byte.isCapital {
                capitals += 1
            } else if byte < 0x80 {
                smalls += 1
            } else {
                return
            }
        }
        guard digits >= 3, capitals >= 4, smalls >= 4 else { return }
        if Entropy.bitsPerByte(UnsafeRawBufferPointer(rebasing: bytes[range])) >= 4.2 { add(range, form) }
    }
}

/// Lengths of IBANs by country (SWIFT's registry of ISO 13616).
enum IBANCountries {
    private static let lengths: [UInt16: Int] = {
        let list = """
            AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 \
            FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 \
            LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 \
            SA24 SC31 SD18 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20
            """
        var lengths: [UInt16: Int] = [:]
        for entry in list.split(separator: " ") {
            let bytes = Array(entry.utf8)
            lengths[UInt16(bytes[0]) << 8 | UInt16(bytes[1])] = Int(bytes[2] - 0x30) * 10 + Int(bytes[3] - 0x30)
        }
        return lengths
    }()

    static func length(_ country: [UInt8]) -> Int? { lengths[UInt16(country[0]) << 8 | UInt16(country[1])] }
}
