import Core

/// What is told by its form: addresses, ids, paths and revisions of git.
struct Names {
    let text: SlotText
    /// What the prefixes of ids stand for.
    let identifiers: [String: String]

    func slots() -> [Slot] { text.chunks.compactMap(slot) + text.words.indices.compactMap(revision) }

    private func slot(_ chunk: Range<Int>) -> Slot? {
        // Each of these forms has a mark in it; most words have none.
        guard text.bytes[chunk].contains(where: Self.isMark) else { return nil }
        let word = text.text(chunk)
        if let scheme = word.utf8.firstRange(of: "://"), scheme > 0 {
            return slot("url", word, chunk, 1)
        }
        if let id = vulnerability(word) {
            return slot("cve", id, chunk.lowerBound..<chunk.lowerBound + id.utf8.count, 1)
        }
        if let name = identifier(word) { return slot(name, word, chunk, 1) }
        if let certainty = path(word) { return slot("path", word, chunk, certainty) }
        return nil
    }

    /// CVE-YYYY-NNNN, four to nineteen digits at the end.
    private func vulnerability(_ word: String) -> String? {
        guard let first = word.utf8.first, first | 0x20 == UInt8(ascii: "c") else { return nil }
        let upper = word.uppercased()
        let parts = upper.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 3, parts[0] == "CVE", parts[1].utf8.count == 4, parts[1].utf8.allSatisfy(Words.isDigit)
        else { return nil }
        let number = parts[2].utf8.prefix(while: Words.isDigit).count
        return (4...19).contains(number) ? String(upper.prefix(9 + number)) : nil
    }

    private func identifier(_ word: String) -> String? {
        guard let end = word.firstIndex(of: "_"), word.utf8.count < 64 else { return nil }
        let prefix = String(word[..<end])
        guard let name = identifiers[prefix], Identifier.isValid(word, prefix: prefix) else { return nil }
        return name
    }

    /// From the root or the folder, or of several parts, or with an ending that files have.
    private func path(_ word: String) -> Double? {
        let bytes = Array(word.utf8)
        guard bytes.count > 2, bytes.allSatisfy({ $0 > 0x20 && $0 != UInt8(ascii: ",") }) else { return nil }
        for start in ["/", "./", "../", "~/"] where word.hasPrefix(start) { return 0.95 }
        let slashes = bytes.count { $0 == UInt8(ascii: "/") }
        let hasEnding = ending(bytes).map(Self.endings.contains) ?? false
        if slashes > 0 { return hasEnding ? 0.95 : slashes > 1 ? 0.8 : nil }
        return hasEnding ? 0.9 : nil
    }

    private func ending(_ bytes: [UInt8]) -> String? {
        guard let dot = bytes.lastIndex(of: UInt8(ascii: ".")), dot > 0, dot + 1 < bytes.count else { return nil }
        return String(decoding: bytes[(dot + 1)...], as: UTF8.self).lowercased()
    }

    private static let endings: Set<String> = [
        "yaml", "yml", "json", "toml", "tf", "tfvars", "hcl", "rego", "swift", "go", "py", "js", "ts", "jsx", "tsx",
        "java",
        "kt", "rb", "rs", "c", "h", "cpp", "hpp", "cs", "php", "sh", "sql", "md", "txt", "log", "conf", "cfg", "ini",
        "xml",
        "csv", "lock", "env", "pem", "key", "crt", "properties", "gradle", "dockerfile", "html", "css", "proto",
    ]

    // MARK: - Revisions

    /// `commit 1a2b3c4`, `branch feature/x`, `tag v1.2`, `v1.2.3`, `HEAD~2`, `refs/heads/main`, a whole SHA-1 or SHA-256.
    private func revision(_ index: Int) -> Slot? {
        let word = text.words[index]
        guard let chunk = text.chunk(at: word.range.lowerBound) else { return nil }
        if ["commit", "branch", "tag", "revision", "ref", "sha"].contains(word.text) { return named(behind: index) }
        guard chunk.lowerBound == word.range.lowerBound, mayBeRevision(chunk) else { return nil }
        let name = text.text(chunk)
        let isWhole = (name.utf8.count == 40 || name.utf8.count == 64) && name.utf8.allSatisfy(Self.isHex)
        if isWhole || name.hasPrefix("refs/") || name == "HEAD" || name.hasPrefix("HEAD~") || name.hasPrefix("HEAD^") {
            return slot("git_ref", name, chunk, 0.95)
        }
        if isVersion(name) { return slot("git_ref", name, chunk, 0.7) }
        return nil
    }

    /// By its length or its first letter.
    private func mayBeRevision(_ chunk: Range<Int>) -> Bool {
        chunk.count == 40 || chunk.count == 64 || "rHvV".utf8.contains(text.bytes[chunk.lowerBound])
    }

    private func named(behind index: Int) -> Slot? {
        var next = index + 1
        if let word = text[next], ["named", "called"].contains(word) { next += 1 }
        guard let word = text[next], text.areNeighbours(next - 1), !Context.stopWords.contains(word),
            let chunk = text.chunk(at: text.words[next].range.lowerBound)
        else { return nil }
        let range = text.words[next].range.lowerBound..<chunk.upperBound
        let name = text.text(range)
        let isTelling = name.utf8.contains { !($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) }
        return slot("git_ref", name, range, isTelling ? 0.9 : 0.7)
    }

    /// `v1`, `v1.2.3`, `v1.2.3-rc.1`.
    private func isVersion(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard bytes.count > 1, bytes[0] | 0x20 == UInt8(ascii: "v"), Words.isDigit(bytes[1]) else { return false }
        return bytes.contains(UInt8(ascii: ".")) && bytes.allSatisfy { Words.isLetter($0) || "-._+".utf8.contains($0) }
    }

    private static func isMark(_ byte: UInt8) -> Bool { "/.:_-".utf8.contains(byte) }
    private static func isHex(_ byte: UInt8) -> Bool { Words.isDigit(byte) || (byte | 0x20) &- 0x61 < 6 }

    private func slot(_ name: String, _ value: String, _ range: Range<Int>, _ confidence: Double) -> Slot {
        Slot(name: name, value: .text(value), range: range, source: .pattern, confidence: confidence)
    }
}

extension String.UTF8View {
    /// Where the bytes of a text first stand, counted from the start.
    fileprivate func firstRange(of other: StaticString) -> Int? {
        let wanted = other.withUTF8Buffer { Array($0) }
        let bytes = Array(self)
        guard bytes.count >= wanted.count else { return nil }
        return (0...(bytes.count - wanted.count)).first { bytes[$0..<$0 + wanted.count].elementsEqual(wanted) }
    }
}
