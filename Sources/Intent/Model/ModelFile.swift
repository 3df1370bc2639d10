import Core

/// The bytes of a model. All numbers are little-endian, floating-point ones of IEEE 754.
///
/// | bytes | what |
/// |---|---|
/// | 8 | `GHINTENT` |
/// | 4 | version: 1 |
/// | 4, 4 | how many intents (C) and n-grams (N) |
/// | 8 × 7 | sharpness, threshold, five weights of the regression that tells what is in scope |
/// | 4 | the weight of unknown n-grams |
/// | C × (2 + …) | each intent's name: its length and UTF-8 |
/// | 8 × N | keys of n-grams, ascending |
/// | 4 × N | their weights in a text |
/// | 4 × N | what a step of their bytes is worth |
/// | 4 × C | intercepts |
/// | N × C | a signed byte for each n-gram and intent |
/// | 4 | CRC-32 of all before |
enum ModelFile {
    static let magic = Array("GHINTENT".utf8)
    static let version: UInt32 = 1
    static let maximumBytes = 64 << 20
    static let maximumIntents = 4096
    static let maximumFeatures = 1 << 20
    static let maximumName = 256
}

extension IntentModel {
    /// Files of models are at most so large.
    public static let maximumBytes = ModelFile.maximumBytes

    /// The same bytes for the same model.
    public func encode() -> [UInt8] {
        var writer = ModelWriter()
        writer.bytes.reserveCapacity(weights.bytes.count + vocabulary.keys.count * 16 + 65_536)
        writer.bytes += ModelFile.magic
        writer.put(ModelFile.version)
        writer.put(UInt32(truncatingIfNeeded: intents.count))
        writer.put(UInt32(truncatingIfNeeded: vocabulary.keys.count))
        for number in [calibration.sharpness, calibration.threshold] + calibration.scopeWeights {
            writer.put(number.bitPattern)
        }
        writer.put(vocabulary.unknownWeight.bitPattern)
        for intent in intents {
            writer.put(UInt16(truncatingIfNeeded: intent.utf8.count))
            writer.bytes += Array(intent.utf8)
        }
        for key in vocabulary.keys { writer.put(key) }
        for weight in vocabulary.weights + weights.steps + weights.intercepts { writer.put(weight.bitPattern) }
        weights.bytes.withUnsafeBytes { writer.bytes.append(contentsOf: $0) }
        writer.put(CRC32.of(writer.bytes[...]))
        return writer.bytes
    }

    /// - Throws: `unsupported` for what is no model or one of another version, `corrupt` for one that is damaged,
    ///   `tooLarge` for one beyond ``maximumBytes``.
    public init(decoding bytes: [UInt8]) throws {
        var reader = ModelReader(bytes)
        let counts = try reader.header()
        let sharpness = try reader.double()
        let threshold = try reader.double()
        let scopeWeights = try (0...ScopeSigns.count).map { _ in try reader.double() }
        let unknownWeight = try reader.float()
        let intents = try reader.names(counts.intents)
        let keys = try reader.keys(counts.features)
        let vocabularyWeights = try reader.floats(counts.features)
        let steps = try reader.floats(counts.features)
        let intercepts = try reader.floats(counts.intents)
        let quantised = try reader.rest(counts.features * counts.intents)
        self.init(
            intents: intents,
            vocabulary: Vocabulary(keys: keys, weights: vocabularyWeights, unknownWeight: unknownWeight),
            weights: QuantisedWeights(
                classCount: counts.intents, steps: steps, bytes: quantised, intercepts: intercepts),
            calibration: Calibration(sharpness: sharpness, scopeWeights: scopeWeights, threshold: threshold))
    }
}

private struct ModelWriter {
    var bytes: [UInt8] = []

    mutating func put(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
}
