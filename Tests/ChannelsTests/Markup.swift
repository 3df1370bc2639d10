import Foundation

/// As much of XML as TwiML has.
enum Markup {
    private static let entities = ["&lt;": "<", "&gt;": ">", "&quot;": "\"", "&#39;": "'", "&amp;": "&"]

    /// The contents of elements of a name that are in no other of that name.
    static func elements(_ name: String, in text: String) -> [String] {
        text.components(separatedBy: "<\(name)").dropFirst().compactMap { piece in
            guard let start = piece.firstIndex(of: ">"), !piece[..<start].hasSuffix("/") else { return nil }
            return piece[piece.index(after: start)...].components(separatedBy: "</\(name)>").first
        }
    }

    static func attribute(_ name: String, in text: String) -> String? {
        text.components(separatedBy: " \(name)=\"").dropFirst().first?.components(separatedBy: "\"").first
    }

    static func plain(_ text: String) -> String {
        var out = ""
        var rest = text[...]
        while let first = rest.first {
            if first == "&", let found = entities.first(where: { rest.hasPrefix($0.key) }) {
                out += found.value
                rest = rest.dropFirst(found.key.count)
            } else {
                out.append(first)
                rest = rest.dropFirst()
            }
        }
        return out
    }

    /// Whether its tags close in order, all ampersands are entities, and no character is one that XML does not have.
    static func isWellFormed(_ text: String) -> Bool {
        let header = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        guard text.hasPrefix(header) else { return false }
        var open: [Substring] = []
        for (index, piece) in text.dropFirst(header.count).split(separator: "<", omittingEmptySubsequences: false)
            .enumerated()
        {
            guard index > 0 else { if piece.isEmpty { continue } else { return false } }
            let parts = piece.split(separator: ">", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[1].contains(">"), areEntities(piece) else { return false }
            let name = parts[0].drop { $0 == "/" }.prefix { $0 != " " && $0 != "/" }
            if parts[0].hasPrefix("/") {
                guard open.popLast() == name else { return false }
            } else if !parts[0].hasSuffix("/") {
                open.append(name)
            }
        }
        return open.isEmpty
            && text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0.value & 0xFFFE != 0xFFFE }
    }

    private static func areEntities(_ text: Substring) -> Bool {
        text.split(separator: "&", omittingEmptySubsequences: false).dropFirst().allSatisfy { piece in
            entities.keys.contains { "&\(piece)".hasPrefix($0) }
        }
    }
}
