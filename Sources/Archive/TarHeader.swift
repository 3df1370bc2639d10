/// The 512 bytes before each entry of a tar (POSIX.1-1988 ustar, GNU's old format).
public struct TarHeader: Sendable {
    public static let size = 512

    private let block: [UInt8]

    /// - Parameter block: ``size`` bytes.
    public init(_ block: some Collection<UInt8>) { self.block = Array(block) }

    public var isZero: Bool { block.allSatisfy { $0 == 0 } }
    public var type: UInt8 { block[156] }
    public var size: Int? { number(at: 124..<136) }

    /// Whether the checksum, in which its own field counts as spaces, is right.
    public var isValid: Bool {
        let sum = block.indices.reduce(0) { $0 + Int((148..<156).contains($1) ? 0x20 : block[$1]) }
        return number(at: 148..<156) == sum
    }

    /// The name, after its prefix where there is one.
    public var path: [UInt8] {
        let name = text(at: 0..<100)
        // GNU's old format has times where ustar has the prefix.
        guard block[257..<263].elementsEqual(Array("ustar\0".utf8)) else { return name }
        let prefix = text(at: 345..<500)
        return prefix.isEmpty ? name : prefix + [UInt8(ascii: "/")] + name
    }

    /// What a link points to.
    public var linkName: [UInt8] { text(at: 157..<257) }

    /// False for a file; nil for all that is neither file nor folder.
    public func isFolder(path: [UInt8]) -> Bool? {
        switch type {
        case UInt8(ascii: "5"): true
        // Before ustar, folders were files with a slash at the end.
        case UInt8(ascii: "0"), 0, UInt8(ascii: "7"): path.last == UInt8(ascii: "/")
        default: nil
        }
    }

    public var kind: String {
        switch type {
        case UInt8(ascii: "1"): "a hard link"
        case UInt8(ascii: "2"): "a symbolic link"
        case UInt8(ascii: "3"), UInt8(ascii: "4"): "a device"
        case UInt8(ascii: "6"): "a pipe"
        case UInt8(ascii: "S"): "a sparse file"
        default: "of an unknown type"
        }
    }

    private func text(at range: Range<Int>) -> [UInt8] { Array(block[range].prefix { $0 != 0 }) }

    /// Octal digits with spaces or zeros around them, or, with the first bit set, a number of 8 bits a byte.
    private func number(at range: Range<Int>) -> Int? {
        let field = block[range]
        if let first = field.first, first & 0x80 != 0 {
            guard first == 0x80, field.dropFirst().dropLast(7).allSatisfy({ $0 == 0 }) else { return nil }
            return field.suffix(7).reduce(0) { $0 << 8 | Int($1) }
        }
        let digits = field.drop { $0 == 0x20 || $0 == 0 }.prefix { $0 != 0x20 && $0 != 0 }
        guard digits.allSatisfy({ (0x30...0x37).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 << 3 | Int($1 & 7) }
    }
}
