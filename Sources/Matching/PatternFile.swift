import CVectorscan
import Core

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// One compiled set in the folder of a ``PatternCache``.
///
/// Little-endian: a mark of the format, FNV-1a of all that follows, then, each with its length before it, what was
/// compiled (the engine's version, mode, patterns), the traits, and the engine's own serialised form, which holds the
/// platform and a check sum of its own.
struct PatternFile {
    private static let mark = Array("gatehouse patterns 1\n".utf8)
    private static let mostBytes = 64 << 20

    private let folder: PatternFolder
    private let count: Int
    /// What is compiled: a file with anything else in it is another set's.
    private let identity: [UInt8]

    init(_ folder: PatternFolder, _ patterns: [Pattern], mode: PatternSet.Mode) {
        self.folder = folder
        count = patterns.count
        var writer = FieldWriter()
        writer.field(Array(String(cString: hs_version()).utf8))
        writer.number(mode == .block ? 0 : 1)
        for pattern in patterns {
            writer.number(UInt64(pattern.options.rawValue))
            writer.field(Array(pattern.expression.utf8))
        }
        identity = writer.bytes
    }

    private var name: String { Hex.encode(bigEndian(FNV1a.hash(identity[...]))) }

    private func bigEndian(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
    }

    /// Nil for a file that is missing, another set's, of another engine, or damaged.
    func read() -> CompiledPatterns? {
        guard let bytes = folder.read(name, limit: Self.mostBytes), bytes.starts(with: Self.mark) else { return nil }
        var reader = FieldReader(bytes[Self.mark.count...])
        guard reader.number() == FNV1a.hash(reader.rest), let kept = reader.field(), kept.elementsEqual(identity),
            let encoded = reader.field(), let traits = Self.traits(encoded, count), let serialised = reader.field()
        else { return nil }
        var pointer: OpaquePointer?
        let status = serialised.withUnsafeBytes {
            hs_deserialize_database($0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count, &pointer)
        }
        guard status == HS_SUCCESS, let pointer else { return nil }
        return try? CompiledPatterns(Database(pointer), traits)
    }

    /// Keeps it as well as it can: without it, the next time takes longer.
    func write(_ compiled: CompiledPatterns) {
        var bytes: UnsafeMutablePointer<CChar>?
        var count = 0
        guard hs_serialize_database(compiled.database.pointer, &bytes, &count) == HS_SUCCESS else { return }
        defer { free(bytes) }
        var body = FieldWriter()
        body.field(identity)
        body.field(Self.encode(compiled.traits))
        body.field(Array(UnsafeRawBufferPointer(start: bytes, count: count)))
        var file = FieldWriter(bytes: Self.mark)
        file.number(FNV1a.hash(body.bytes[...]))
        file.bytes += body.bytes
        if file.bytes.count <= Self.mostBytes { folder.write(file.bytes, as: name) }
    }

    private static func encode(_ traits: [PatternTrait]) -> [UInt8] {
        var writer = FieldWriter()
        for trait in traits {
            writer.bytes.append((trait.reportsStart ? 1 : 0) | (trait.isExact ? 2 : 0) | (trait.needsEnd ? 4 : 0))
            writer.number(trait.width.map { UInt64($0) } ?? .max)
        }
        return writer.bytes
    }

    private static func traits(_ bytes: ArraySlice<UInt8>, _ count: Int) -> [PatternTrait]? {
        var reader = FieldReader(bytes)
        var traits: [PatternTrait] = []
        for _ in 0..<count {
            guard let flags = reader.byte(), let width = reader.number() else { return nil }
            traits.append(
                PatternTrait(
                    reportsStart: flags & 1 != 0, isExact: flags & 2 != 0, needsEnd: flags & 4 != 0,
                    width: width == .max ? nil : Int(exactly: width)))
        }
        return reader.rest.isEmpty ? traits : nil
    }
}

/// http://www.isthe.com/chongo/tech/comp/fnv: tells damage, not intent.
private enum FNV1a {
    static func hash(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }
}

private struct FieldWriter {
    var bytes: [UInt8] = []

    mutating func number(_ number: UInt64) {
        for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }

    mutating func field(_ field: [UInt8]) {
        number(UInt64(field.count))
        bytes += field
    }
}

private struct FieldReader {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    mutating func byte() -> UInt8? { rest.popFirst() }

    mutating func number() -> UInt64? {
        guard rest.count >= 8 else { return nil }
        defer { rest = rest.dropFirst(8) }
        return rest.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    mutating func field() -> ArraySlice<UInt8>? {
        guard let count = number(), count <= UInt64(rest.count) else { return nil }
        defer { rest = rest.dropFirst(Int(count)) }
        return rest.prefix(Int(count))
    }
}
