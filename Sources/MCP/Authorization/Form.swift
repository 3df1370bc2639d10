import Web

/// `application/x-www-form-urlencoded` (WHATWG URL, section 5).
enum Form {
    static func encode(_ pairs: [(String, String)]) -> String {
        pairs.map { "\(Percent.encode($0.0))=\(Percent.encode($0.1))" }.joined(separator: "&")
    }

    /// Nil where a name comes twice or something is not encoded as it must be.
    static func decode(_ text: some StringProtocol) -> [String: String]? {
        var values: [String: String] = [:]
        guard text.utf8.count <= 16_384 else { return nil }
        for pair in text.utf8.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let plain = parts.map { part in
                Percent.bytes(of: part, plusIsSpace: true).flatMap { String(validating: $0, as: UTF8.self) }
            }
            guard let name = plain[0], let value = plain.count > 1 ? plain[1] : "", values[name] == nil else {
                return nil
            }
            values[name] = value
        }
        return values
    }
}
