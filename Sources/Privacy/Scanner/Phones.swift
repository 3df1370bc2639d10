/// Telephone numbers: E.164 with `+` or `00`, and the national forms that people write.
extension TextWalk {
    /// At `+` or `(`: `+49 30 …`, `(030) …`, `(898)666-3621`.
    mutating func phonePrefix(at index: Int) {
        guard plan[.phone] != nil, byte(index + 1).isDigit, !byte(index - 1).isWord else { return }
        let run = run(at: index + 1)
        guard run.digits.count >= 6 else { return }
        phone(run, prefix: bytes[index])
    }

    mutating func phone(_ run: NumberRun, prefix: UInt8 = 0) {
        guard let form = plan[.phone], let first = run.groups.first?.range.lowerBound else { return }
        let before = byte(first - 1)
        if prefix == 0, before == UInt8(ascii: "+") || before == UInt8(ascii: "(") { return }
        if prefix == 0,
            [
                UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "#"),
                UInt8(ascii: "_"), UInt8(ascii: "$"), UInt8(ascii: ":"), UInt8(ascii: "="),
            ].contains(before),
            before != UInt8(ascii: ":") || byte(first - 2).isDigit || byte(first - 2) == UInt8(ascii: ":")
        {
            return
        }
        let last = phoneEnd(run)
        let total = run.groups[...last].reduce(0) { $0 + $1.count }
        guard (6...15).contains(total), let confidence = phoneConfidence(run, last, total, prefix) else { return }
        var end = run.groups[last].range.upperBound
        guard !byte(end).isLetter || byte(end) | 0x20 == 0x78 || byte(end) | 0x20 == 0x65 else { return }
        end = phoneExtension(end)
        let start = prefix == 0 ? first : first - 1
        if prefix == UInt8(ascii: "("), byte(start - 1) == UInt8(ascii: "+") { return }
        if confidence == 0, !mentions(form, around: start..<end) { return }
        add(start..<end, form, confidence: max(confidence, 0.5))
    }

    /// The last group that belongs to it: at most six groups, 15 digits, and no wide gap.
    private func phoneEnd(_ run: NumberRun) -> Int {
        var total = 0
        for (index, group) in run.groups.enumerated() {
            if total + group.count > 15 { return max(0, index - 1) }
            total += group.count
            if index == 6 { return index }
        }
        return run.groups.count - 1
    }

    /// Nil: no telephone number; 0: only where words nearby say so.
    private func phoneConfidence(_ run: NumberRun, _ last: Int, _ total: Int, _ prefix: UInt8) -> Double? {
        let counts = run.groups[...last].map(\.count)
        let digits = run.digits
        if prefix == UInt8(ascii: "+") { return total >= 8 && digits[0] != 0x30 ? 0.8 : nil }
        if prefix == UInt8(ascii: "(") { return byte(run.groups[0].range.upperBound) == 0x29 && total >= 7 ? 0.7 : nil }
        let separators = Set(run.separators.prefix(last))
        if separators.contains(UInt8(ascii: "/")) && counts.count == 3 && counts[2] == 4 { return nil }
        if digits[0] == 0x30, digits.count > 1, digits[1] == 0x30, total >= 10 { return 0.7 }
        if (counts == [3, 3, 4] || counts == [1, 3, 3, 4]) && digits[counts[0] == 1 ? 1 : 0] >= 0x32 {
            return separators.isSubset(of: [0x2d, 0x2e, 0x20, 0]) ? 0.65 : 0
        }
        if digits[0] == 0x30, (9...12).contains(total), counts.count > 1, counts.count <= 6 { return 0.6 }
        if total > 13 || counts.count > 6 { return nil }
        return 0
    }

    /// ` x123`, ` ext. 123`.
    private func phoneExtension(_ end: Int) -> Int {
        var index = skipBlanks(end)
        guard index - end < 3 else { return end }
        let word = index
        while has(index), bytes[index].isLetter, index - word < 10 { index += 1 }
        let name = String(decoding: bytes[word..<index], as: UTF8.self).lowercased()
        guard name == "x" || name == "ext" || name == "extension" else { return end }
        if byte(index) == UInt8(ascii: ".") { index += 1 }
        index = skipBlanks(index)
        let digits = index
        while has(index), bytes[index].isDigit, index - digits < 6 { index += 1 }
        return index > digits ? index : end
    }
}
