/// Restores tokens in a text that comes in pieces. It holds back only what may become a token: less than 43 bytes.
///
/// A value; no IO. What it gives for the pieces is, put together, what ``TokenRestorer`` gives for the whole.
public struct StreamRestorer: Sendable {
    private let vault: TokenVault
    private let options: TokenRestorer.Options
    private var pending: [UInt8] = []
    private var link = LinkState()
    /// Tokens restored so far.
    public private(set) var restored = 0
    /// Bytes held back.
    public var held: Int { pending.count }

    public init(vault: TokenVault, options: TokenRestorer.Options = .init()) {
        self.vault = vault
        self.options = options
    }

    public mutating func push(_ piece: [UInt8]) -> [UInt8] {
        // Nearly always: no token and none begun.
        if pending.isEmpty, !piece.contains(UInt8(ascii: "<")) {
            link.read(piece)
            return piece
        }
        pending += piece
        let text = pending
        var out: [UInt8] = []
        out.reserveCapacity(text.count)
        let rest = text.withUnsafeBytes { restore($0, &out) }
        pending.removeFirst(rest)
        return out
    }

    public mutating func finish() -> [UInt8] { pass([]) }

    /// Text that is not looked at, after what was held back.
    mutating func pass(_ text: [UInt8]) -> [UInt8] {
        let out = pending + text
        pending = []
        link.read(out)
        return out
    }

    /// - Returns: how many bytes are dealt with.
    private mutating func restore(_ text: UnsafeRawBufferPointer, _ out: inout [UInt8]) -> Int {
        var index = 0
        while index < text.count {
            guard text[index] == UInt8(ascii: "<") else {
                link.read(text[index])
                out.append(text[index])
                index += 1
                continue
            }
            if TokenName.isOpen(text, from: index) { return index }
            guard let token = TokenName.read(text, at: index), let value = value(text, index..<token.end, token.name)
            else {
                link.read(text[index])
                out.append(text[index])
                index += 1
                continue
            }
            out += TokenRestorer.spelled(value, options.spelling)
            restored += 1
            index = token.end
        }
        return index
    }

    private func value(_ text: UnsafeRawBufferPointer, _ range: Range<Int>, _ name: Range<Int>) -> [UInt8]? {
        let token = String(decoding: text[range], as: UTF8.self)
        guard options.allows(Substring(decoding: text[name], as: UTF8.self)) else { return nil }
        if link.isInside, !options.inLinks { return nil }
        return vault.value(of: token)
    }
}
