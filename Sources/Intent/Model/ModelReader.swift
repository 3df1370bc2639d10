import Core

/// Reads the parts of a model's bytes in their order; see ``ModelFile``. Each part is checked before it is used, and the
/// checksum before any.
struct ModelReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// How many there are of each. What they ask for is there, to the byte.
    mutating func header() throws -> (intents: Int, features: Int) {
        guard bytes.count <= ModelFile.maximumBytes else {
            throw GatehouseError("intent", .tooLarge, "the model is larger than \(ModelFile.maximumBytes) bytes")
        }
        guard bytes.starts(with: ModelFile.magic) else {
            throw GatehouseError(
                "intent", .unsupported, "the file is no model of intents",
                hint: "make one: gatehouse intent train FILE.csv --out MODEL")
        }
        position = ModelFile.magic.count
        let version: UInt32 = try integer()
        guard version == ModelFile.version else {
            throw GatehouseError(
                "intent", .unsupported, "the model is of version \(version); this program reads \(ModelFile.version)",
                hint: "train it again with this program")
        }
        try verifyChecksum()
        let intents: UInt32 = try integer()
        let features: UInt32 = try integer()
        guard (1...ModelFile.maximumIntents).contains(Int(intents)), Int(features) <= ModelFile.maximumFeatures else {
            throw damaged("it says that it has \(intents) intents and \(features) n-grams")
        }
        return (Int(intents), Int(features))
    }

    private func verifyChecksum() throws {
        guard bytes.count >= position + 4 else { throw damaged("it ends too early") }
        let stored = bytes.suffix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard CRC32.of(bytes.dropLast(4)) == stored else { throw damaged("its checksum is another") }
    }

    mutating func names(_ count: Int) throws -> [String] {
        var names: [String] = []
        for _ in 0..<count {
            let length: UInt16 = try integer()
            let start = try take(Int(length))
            guard let name = String(validating: bytes[start..<position], as: UTF8.self), !name.isEmpty,
                name.utf8.count <= ModelFile.maximumName
            else { throw damaged("an intent has no name, or none that can be read") }
            if let last = names.last, last >= name { throw damaged("its intents are in no order") }
            names.append(name)
        }
        return names
    }

    /// Ascending, since they are looked for by halves.
    mutating func keys(_ count: Int) throws -> [UInt64] {
        let keys: [UInt64] = try integers(count)
        for (key, next) in zip(keys, keys.dropFirst()) where next <= key { throw damaged("its keys are in no order") }
        return keys
    }

    mutating func double() throws -> Double {
        let number = Double(bitPattern: try integer())
        guard number.isFinite else { throw damaged("a number in it is none") }
        return number
    }

    mutating func float() throws -> Float {
        let number = Float(bitPattern: try integer())
        guard number.isFinite else { throw damaged("a number in it is none") }
        return number
    }

    mutating func floats(_ count: Int) throws -> [Float] {
        let patterns: [UInt32] = try integers(count)
        let numbers = patterns.map { Float(bitPattern: $0) }
        guard numbers.allSatisfy(\.isFinite) else { throw damaged("a number in it is none") }
        return numbers
    }

    /// All that is left but the checksum.
    mutating func rest(_ count: Int) throws -> [Int8] {
        let start = try take(count)
        guard position == bytes.count - 4 else { throw damaged("it goes on where it should end") }
        return bytes[start..<position].map { Int8(bitPattern: $0) }
    }

    private mutating func integer<Integer: FixedWidthInteger>() throws -> Integer {
        let numbers: [Integer] = try integers(1)
        return numbers[0]
    }

    private mutating func integers<Integer: FixedWidthInteger>(_ count: Int) throws -> [Integer] {
        let size = MemoryLayout<Integer>.size
        let start = try take(count * size)
        return bytes.withUnsafeBytes { raw in
            (0..<count).map {
                Integer(littleEndian: raw.loadUnaligned(fromByteOffset: start + $0 * size, as: Integer.self))
            }
        }
    }

    /// - Returns: where the bytes begin; they end at `position`.
    private mutating func take(_ count: Int) throws -> Int {
        let start = position
        guard count <= bytes.count - 4 - start else { throw damaged("it ends too early") }
        position += count
        return start
    }

    private func damaged(_ why: String) -> GatehouseError {
        GatehouseError("intent", .corrupt, "the model is damaged: \(why)", hint: "train it again, or copy it again")
    }
}
