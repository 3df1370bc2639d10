import Core

/// Who a mail is from or for: an address, with a name where there is one (RFC 5322, 3.4).
struct Mailbox: Sendable, Hashable {
    let name: String?
    /// `ada@example.org`: ASCII only, as mail without SMTPUTF8 takes it.
    let address: String

    /// - Parameter text: `ada@example.org` or `Ada Lovelace <ada@example.org>`.
    /// - Throws: `invalid` for anything that is not one address, or has a line break or control character in it.
    init(_ text: String) throws(GatehouseError) {
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }), text.utf8.count <= 400 else { throw Self.wrong(text) }
        if let open = text.lastIndex(of: "<"), text.hasSuffix(">") {
            let words = PlainText.line(String(text[..<open]))
            name = words.isEmpty ? nil : words
            address = String(text[text.index(after: open)...].dropLast())
        } else {
            (name, address) = (nil, text)
        }
        guard Self.isAddress(address) else { throw Self.wrong(text) }
    }

    /// The part behind the @.
    var domain: Substring { address[address.index(after: address.lastIndex(of: "@") ?? address.startIndex)...] }

    /// Its form in a header.
    var header: String {
        guard let name else { return address }
        return "\(EncodedWord.phrase(name)) <\(address)>"
    }

    /// A dot-atom, an @ and a domain of letters, digits and dashes (RFC 5321, 4.1.2 without its quoted forms), within the
    /// bounds of 4.5.3.1.
    private static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, text.utf8.count <= 254, (1...64).contains(parts[0].utf8.count) else { return false }
        let (local, domain) = (parts[0].split(separator: ".", omittingEmptySubsequences: false), parts[1])
        let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
        return local.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isAtom) }
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count) && label.utf8.allSatisfy { isLetterOrDigit($0) || $0 == 0x2D }
                    && label.first != "-" && label.last != "-"
            }
    }

    private static func isAtom(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
    }

    private static func wrong(_ text: String) -> GatehouseError {
        GatehouseError(
            "integrations", .invalid, "\"\(PlainText.line(String(text.prefix(80))))\" is no mail address",
            hint: "write ada@example.org or Ada Lovelace <ada@example.org>")
    }
}
