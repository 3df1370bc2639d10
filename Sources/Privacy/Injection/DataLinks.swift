/// Links and pictures whose addresses carry data: a program that shows an answer fetches its pictures unasked.
enum DataLinks {
    static func reasons(in text: UnsafeRawBufferPointer) -> [InjectionAssessment.Reason] {
        var reasons: [InjectionAssessment.Reason] = []
        Bytes.forEach(UInt8(ascii: ":"), in: text) { colon in
            guard colon + 3 < text.count, text[colon + 1] == UInt8(ascii: "/"), text[colon + 2] == UInt8(ascii: "/"),
                let weight = weight(text, colon)
            else { return }
            reasons.append(.init(kind: .dataLink, range: start(text, colon)..<end(text, colon), weight: weight))
        }
        return reasons
    }

    private static func start(_ text: UnsafeRawBufferPointer, _ colon: Int) -> Int {
        var start = colon
        while start > 0, colon - start < 8, text[start - 1].isLetter { start -= 1 }
        return start
    }

    private static func end(_ text: UnsafeRawBufferPointer, _ colon: Int) -> Int {
        var end = colon
        while end < text.count, end - colon < 4096, text[end] > 0x20, !"\"')`".utf8.contains(text[end]) { end += 1 }
        return end
    }

    private static func weight(_ text: UnsafeRawBufferPointer, _ colon: Int) -> Double? {
        let end = end(text, colon)
        guard let query = text[colon..<end].firstIndex(of: UInt8(ascii: "?")) else { return nil }
        let before = text[max(0, colon - 260)..<colon]
        let isPicture = isPicture(before)
        let isLink = isPicture || before.suffix(8).contains(UInt8(ascii: "("))
        let data = text[(query + 1)..<end]
        // A place to be filled in: `?q={conversation}`, `?q=<EMAIL_1>`, `?d=[DATA]`.
        if data.contains(where: { "{<[".utf8.contains($0) }), isLink { return 0.7 }
        let longest =
            data.split(whereSeparator: { $0 == UInt8(ascii: "&") || $0 == UInt8(ascii: "=") }).map(\.count).max() ?? 0
        if isPicture { return longest >= 16 ? 0.55 : nil }
        return isLink && longest >= 48 ? 0.35 : nil
    }

    /// `![…](` or `<img … src=` comes before, on the same line.
    private static func isPicture(_ before: Slice<UnsafeRawBufferPointer>) -> Bool {
        let line = UnsafeRawBufferPointer(rebasing: before[(before.lastIndex(of: 0x0a) ?? before.startIndex)...])
        if Words.lowercased(line, { Words.holds($0, Array("<img ".utf8)) }) { return true }
        guard let open = line.lastIndex(of: UInt8(ascii: "(")), open > 0, line[open - 1] == UInt8(ascii: "]"),
            line.count - open < 10, let bracket = line[..<open].lastIndex(of: UInt8(ascii: "["))
        else { return false }
        return bracket > 0 && line[bracket - 1] == UInt8(ascii: "!")
    }
}
