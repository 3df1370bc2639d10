/// E-mail addresses, URLs, IP and MAC addresses.
extension TextWalk {
    /// RFC 5321 in the form that is used: dot-atom, `@`, a domain with a dot.
    mutating func email(at index: Int) {
        guard let form = plan[.email] else { return }
        var start = index
        while start > 0, index - start < 64, isLocalPart(bytes[start - 1]) { start -= 1 }
        while start < index, !bytes[start].isWord { start += 1 }
        guard start < index, byte(index - 1) != UInt8(ascii: ".") else { return }
        guard let end = domainEnd(index + 1) else { return }
        add(start..<end, form)
    }

    private func isLocalPart(_ byte: UInt8) -> Bool {
        byte.isWord || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "%")
            || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "'")
    }

    /// Past a domain name of two labels or more whose last is letters.
    func domainEnd(_ start: Int) -> Int? {
        var index = start
        var lastDot: Int?
        while has(index), index - start < 254 {
            let byte = bytes[index]
            if byte == UInt8(ascii: ".") {
                guard index > start, self.byte(index + 1).isWord else { break }
                lastDot = index
            } else if !byte.isWord, byte != UInt8(ascii: "-") {
                break
            }
            index += 1
        }
        while index > start, bytes[index - 1] == UInt8(ascii: "-") { index -= 1 }
        guard let lastDot, index - lastDot > 2,
            bytes[(lastDot + 1)..<index].allSatisfy({ $0.isLetter || $0 >= 0x80 || $0 == 0x2d })
        else { return nil }
        return index
    }

    /// At a colon: `scheme://…`.
    mutating func url(at colon: Int) {
        guard byte(colon + 1) == UInt8(ascii: "/"), byte(colon + 2) == UInt8(ascii: "/") else { return }
        urlPassword(at: colon + 3)
        guard let form = plan[.url] else { return }
        let wasTouched = openEnd?.isTouched ?? false
        defer { if openEnd?.ignoresURLs == true { openEnd?.isTouched = wasTouched } }
        var start = colon
        while start > 0, colon - start < 16, bytes[start - 1].isLetter || bytes[start - 1] == UInt8(ascii: "+") {
            start -= 1
        }
        guard colon - start >= 2 else { return }
        addURL(start, colon + 3, form)
    }

    /// `user:password@` before a host (RFC 3986, 3.2.1): the password alone, whatever the rules say about addresses.
    private mutating func urlPassword(at start: Int) {
        guard let form = plan[.urlPassword] else { return }
        var (end, colon, at) = (start, nil as Int?, nil as Int?)
        while end - start < 320, byte(end) > 0x20, !"/?#\"'<>\\`".utf8.contains(bytes[end]) {
            if bytes[end] == UInt8(ascii: ":"), colon == nil { colon = end }
            if bytes[end] == UInt8(ascii: "@") { at = end }
            end += 1
        }
        guard let colon, let at, colon + 1 < at, byte(at + 1).isWord || byte(at + 1) == UInt8(ascii: "[") else {
            return
        }
        let password = UnsafeRawBufferPointer(rebasing: bytes[colon + 1..<at])
        guard !Placeholder.isOne(password, refusesRepeats: false), !TextWalk.isSample(password) else { return }
        add(colon + 1..<at, form)
    }

    /// As documentation has it: `user:password@host`.
    private static func isSample(_ password: UnsafeRawBufferPointer) -> Bool {
        ["password", "passwd", "pass", "pwd", "secret"].contains { password.elementsEqual($0.utf8) }
    }

    private mutating func addURL(_ start: Int, _ host: Int, _ form: Int) {
        var end = host
        var depth = 0
        scan: while has(end), end - start < 2048 {
            switch bytes[end] {
            case 0...0x20, 0x22, 0x3c, 0x3e, 0x5c, 0x5e, 0x60, 0x7b...0x7d, 0x7f: break scan
            case 0x28: depth += 1
            case 0x29:
                if depth == 0 { break scan }
                depth -= 1
            default: break
            }
            end += 1
        }
        // What ends a sentence does not belong to it.
        while end > host, ".,;:!?'*_]".utf8.contains(bytes[end - 1]) { end -= 1 }
        guard end - host >= 3 else { return }
        add(start..<end, form)
    }

    /// `www.example.org` without a scheme.
    mutating func bareURL(_ range: Range<Int>) {
        guard range.count == 3, byte(range.upperBound) == UInt8(ascii: "."), let form = plan[.url],
            byte(range.lowerBound - 1) != UInt8(ascii: "/"), domainEnd(range.upperBound + 1) != nil
        else { return }
        addURL(range.lowerBound, range.upperBound + 1, form)
    }

    /// IPv4, with a mask or port after it. True where it was one.
    mutating func address4(at start: Int) -> Bool {
        guard let form = plan[.ip], byte(start - 1) != UInt8(ascii: ".") || !byte(start - 2).isDigit else {
            return false
        }
        var index = start
        for part in 0..<4 {
            guard let number = integer(index, upTo: 3), number.value < 256 else { return false }
            if number.end - index > 1, bytes[index] == 0x30 { return false }
            index = number.end
            if part < 3 {
                guard byte(index) == UInt8(ascii: ".") else { return false }
                index += 1
            }
        }
        if byte(index) == UInt8(ascii: "."), byte(index + 1).isDigit { return false }
        guard !byte(index).isWord else { return false }
        // Version numbers look the same.
        if let word = wordBefore(start),
            bytes[word].elementsEqual("version".utf8) || bytes[word].elementsEqual("v".utf8)
        {
            return false
        }
        add(start..<index, form)
        runEnd = max(runEnd, index)
        return true
    }

    /// At a colon between hexadecimal digits: IPv6 or MAC. Only the first colon of a group looks.
    mutating func colonGroups(at colon: Int) {
        var start = colon
        while start > 0, colon - start < 5, bytes[start - 1].isHexDigit { start -= 1 }
        guard colon - start <= 4, start == 0 || !bytes[start - 1].isWord && bytes[start - 1] != 0x3a else { return }
        guard byte(colon + 1).isHexDigit || byte(colon + 1) == 0x3a else { return }
        var end = colon
        while has(end), end - start < 46, bytes[end].isHexDigit || bytes[end] == 0x3a || bytes[end] == 0x2e {
            end += 1
        }
        while end > start, bytes[end - 1] == 0x2e || bytes[end - 1] == 0x3a && byte(end - 2) != 0x3a { end -= 1 }
        guard !byte(end).isWord else { return }
        if let form = plan[.mac], isMAC(start..<end, separator: 0x3a) {
            add(start..<end, form)
        } else if let form = plan[.ip], isIPv6(start..<end) {
            add(start..<end, form)
        }
    }

    /// At a hyphen: `00-1a-2b-3c-4d-5e`.
    mutating func hyphenGroups(at hyphen: Int) {
        guard byte(hyphen + 3) == 0x2d, let form = plan[.mac], byte(hyphen - 1).isHexDigit, byte(hyphen - 2).isHexDigit,
            !byte(hyphen - 3).isWord, byte(hyphen - 3) != 0x2d
        else { return }
        let range = (hyphen - 2)..<(hyphen + 15)
        guard range.lowerBound >= 0, isMAC(range, separator: 0x2d), !byte(range.upperBound).isWord else { return }
        add(range, form)
    }

    private func isMAC(_ range: Range<Int>, separator: UInt8) -> Bool {
        guard range.count == 17, has(range.upperBound - 1) else { return false }
        return range.allSatisfy { index in
            (index - range.lowerBound) % 3 == 2 ? bytes[index] == separator : bytes[index].isHexDigit
        }
    }

    /// RFC 4291: eight groups, or fewer with one `::`.
    private func isIPv6(_ range: Range<Int>) -> Bool {
        var groups = 0
        var hasGap = false
        var length = 0
        var index = range.lowerBound
        while index < range.upperBound {
            if bytes[index] == 0x3a {
                if byte(index + 1) == 0x3a, index + 1 < range.upperBound {
                    if hasGap { return false }
                    hasGap = true
                    index += 1
                }
                length = 0
            } else if bytes[index] == 0x2e {
                groups += 1
                return hasGap || groups >= 7
            } else {
                if length == 0 { groups += 1 }
                length += 1
                if length > 4 { return false }
            }
            index += 1
        }
        // `::` alone and `a::b` in source code say little; two groups with four digits do.
        return hasGap ? groups >= 2 && groups <= 7 && range.count >= 6 || range.count == 3 && groups == 1 : groups == 8
    }
}
