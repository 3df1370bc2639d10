import Core

/// What a mail server answers a command with (RFC 5321, 4.2): three digits, and texts.
struct SMTPReply: Sendable, Hashable {
    let code: Int
    /// Printable ASCII only.
    let lines: [String]

    /// The text that came with it, as far as it is of use to people.
    var text: String { String("\(code) \(lines.joined(separator: " "))".prefix(300)) }
}

/// Reads replies from bytes, wherever these are cut, within bounds.
struct SMTPReplyParser: Sendable {
    enum Limits {
        /// RFC 5321, 4.5.3.1.5 has 512; some servers say more.
        static let line = 2000
        static let lines = 100
        /// Replies that nobody asked for may not pile up.
        static let replies = 100
    }

    private var line: [UInt8] = []
    private var code: Int?
    private var lines: [String] = []

    init() {}

    /// Whether the last reply is complete and nothing follows it.
    var isEmpty: Bool { line.isEmpty && code == nil }

    /// - Throws: `invalid` for what is no reply, `too_large` for more than a server has to say.
    mutating func push(_ bytes: some Sequence<UInt8>) throws(GatehouseError) -> [SMTPReply] {
        var replies: [SMTPReply] = []
        for byte in bytes {
            guard byte == 0x0A else {
                line.append(byte)
                guard line.count <= Limits.line else { throw Self.tooLarge("a line of a reply is too long") }
                continue
            }
            if let reply = try endLine() { replies.append(reply) }
            guard replies.count <= Limits.replies else { throw Self.tooLarge("there are too many replies") }
        }
        return replies
    }

    private mutating func endLine() throws(GatehouseError) -> SMTPReply? {
        if line.last == 0x0D { line.removeLast() }
        defer { line = [] }
        guard line.count >= 3, line.prefix(3).allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw Self.wrong("it does not begin with three digits")
        }
        let number = line.prefix(3).reduce(0) { $0 * 10 + Int($1 - 0x30) }
        guard (200...599).contains(number) else { throw Self.wrong("its code is \(number)") }
        if let code, code != number { throw Self.wrong("its lines have different codes") }
        let mark = line.count > 3 ? line[3] : 0x20
        guard mark == 0x20 || mark == UInt8(ascii: "-") else { throw Self.wrong("its code does not end") }
        lines.append(Self.text(line.dropFirst(4)))
        guard lines.count <= Limits.lines else { throw Self.tooLarge("a reply has too many lines") }
        guard mark == 0x20 else {
            code = number
            return nil
        }
        defer { (code, lines) = (nil, []) }
        return SMTPReply(code: number, lines: lines)
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    }

    private static func wrong(_ why: String) -> GatehouseError {
        GatehouseError("integrations", .invalid, "the mail server's reply is none: \(why)")
    }

    private static func tooLarge(_ why: String) -> GatehouseError {
        GatehouseError("integrations", .tooLarge, "the mail server says too much: \(why)")
    }
}
