import Core

/// Text in headers (RFC 2047): as it is where it is plain ASCII, else in encoded words of base64 over UTF-8.
enum EncodedWord {
    /// Of UTF-8 in one word, so that it stays within 75 characters.
    private static let bytes = 45
    /// Of a plain text, so that its line stays within 78.
    private static let plain = 66

    /// Unstructured, as in a subject; folded where it is long.
    static func text(_ text: String) -> String {
        isPlain(text) && text.utf8.count <= plain ? text : words(text)
    }

    /// A name before an address: of letters, digits and spaces, else encoded.
    static func phrase(_ name: String) -> String {
        let isAtoms = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == 0x20 || byte == 0x2D
        }
        return isAtoms && name.utf8.count <= plain ? name : words(name)
    }

    /// A space at an end would be lost, and `=?` would be read as the beginning of an encoded word.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x20..<0x7F).contains($0) } && !text.contains("=?") && !text.hasPrefix(" ")
            && !text.hasSuffix(" ")
    }

    /// No character is parted between two words (RFC 2047, 5).
    private static func words(_ text: String) -> String {
        var words: [String] = []
        var word: [UInt8] = []
        func close() {
            if !word.isEmpty { words.append("=?UTF-8?B?\(Base64.encode(word))?=") }
            word = []
        }
        for scalar in text.unicodeScalars {
            let more = Array(String(scalar).utf8)
            if word.count + more.count > bytes { close() }
            word += more
        }
        close()
        return words.joined(separator: "\r\n ")
    }
}
