import Privacy

/// Where secrets lie in a text, encoded ones too: what must not be shown of it, whoever points at it.
struct KnownSecrets {
    let scanners: [any ContentScanner]
    /// How much around a place is looked at in a text that is longer.
    static let reach = 32 << 10

    /// - Returns: ranges of the text; all of it where it cannot be told.
    func ranges(in text: UnsafeRawBufferPointer, path: String) -> [Range<Int>] {
        var all = matches(in: text, path)
        EncodedRuns.forEach(in: text) { all += look(into: $0, of: text, base: nil, depth: 1, path) }
        return all
    }

    /// The same near one place.
    func ranges(around place: Range<Int>, in text: UnsafeRawBufferPointer, path: String) -> [Range<Int>] {
        let start = max(0, place.lowerBound - Self.reach)
        let end = min(text.count, place.upperBound + Self.reach)
        let area = UnsafeRawBufferPointer(rebasing: text[start..<end])
        return ranges(in: area, path: path).map { $0.lowerBound + start..<$0.upperBound + start }
    }

    func areIn(_ text: String) -> Bool {
        Array(text.utf8).withUnsafeBytes { !ranges(in: $0, path: "message").isEmpty }
    }

    private func matches(in text: UnsafeRawBufferPointer, _ path: String) -> [Range<Int>] {
        scanners.flatMap { scanner in
            guard let found = try? scanner.scan(text, path: path) else { return [0..<text.count] }
            return found.matches.map(\.secret)
        }
    }

    private func look(
        into run: Range<Int>, of text: UnsafeRawBufferPointer, base: TextView?, depth: Int, _ path: String
    ) -> [Range<Int>] {
        guard depth <= ContentScan.encodings, let decoded = EncodedSegment.decode(text, run) else { return [] }
        let view = decoded.through(base)
        return view.bytes.withUnsafeBytes { inner in
            var all = matches(in: inner, path).map { view.original($0) }
            EncodedRuns.forEach(in: inner) { all += look(into: $0, of: inner, base: view, depth: depth + 1, path) }
            return all
        }
    }
}
