/// Check digits, as the bodies that issue the numbers define them.
enum Checksum {
    /// ISO/IEC 7812-1 annex B.
    static func luhn(_ digits: Digits, prefix: Int = 0) -> Bool {
        var sum = prefix
        for index in 0..<digits.count {
            let digit = digits[index]
            let isDoubled = (digits.count - index) % 2 == 0
            sum += isDoubled ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit
        }
        return sum % 10 == 0
    }

    /// ISO/IEC 7064 MOD 97-10 over an IBAN: the first four characters come last.
    static func iban(_ text: Digits) -> Bool {
        var rest = 0
        for offset in 0..<text.count {
            let value = text[(offset + 4) % text.count]
            rest = (value > 9 ? rest * 100 + value : rest * 10 + value) % 97
        }
        return rest == 1
    }

    /// ISO/IEC 7064 MOD 11,10 (German tax numbers and others).
    static func mod11Comma10(_ digits: Digits) -> Bool {
        var product = 10
        for index in 0..<(digits.count - 1) {
            var sum = (digits[index] + product) % 10
            if sum == 0 { sum = 10 }
            product = sum * 2 % 11
        }
        return (11 - product) % 10 == digits[digits.count - 1]
    }

    /// Verhoeff's check over the dihedral group of ten elements (Aadhaar).
    static func verhoeff(_ digits: Digits) -> Bool {
        var check = 0
        for offset in 0..<digits.count {
            check = dihedral(check, permuted(digits[digits.count - 1 - offset], offset % 8))
        }
        return check == 0
    }

    /// The product in the group of the pentagon's symmetries: 0–4 turns, 5–9 reflections.
    private static func dihedral(_ a: Int, _ b: Int) -> Int {
        switch (a < 5, b < 5) {
        case (true, true): (a + b) % 5
        case (true, false): (a + b - 5) % 5 + 5
        case (false, true): (a - 5 + 5 - b) % 5 + 5
        case (false, false): (a - b + 5) % 5
        }
    }

    private static let permutation = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]

    private static func permuted(_ digit: Int, _ times: Int) -> Int {
        var digit = digit
        for _ in 0..<times { digit = permutation[digit] }
        return digit
    }
}
