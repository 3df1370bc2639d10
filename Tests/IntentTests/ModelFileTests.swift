import Core
import Intent
import TestSupport
import Testing

@Suite struct ModelFileTests {
    private func bytes() async throws -> [UInt8] {
        try await IntentTrainer().train(Made.texts(8, seed: 1, strangers: 5)).model.encode()
    }

    @Test func readsAsItWrites() async throws {
        let model = try await IntentTrainer().train(Made.texts(8, seed: 1, strangers: 5)).model
        let again = try IntentModel(decoding: model.encode())
        #expect(again == model && again.encode() == model.encode())
        #expect(again.classify("ship it") == model.classify("ship it"))
    }

    @Test func aFlippedBitIsFound() async throws {
        let bytes = try await bytes()
        var random = SeededRandom(seed: 5)
        for _ in 0..<200 {
            var other = bytes
            other[Int.random(in: 12..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            let error = #expect(throws: GatehouseError.self) { try IntentModel(decoding: other) }
            #expect(error?.code == .corrupt)
        }
    }

    @Test func everyCutIsFound() async throws {
        let bytes = try await bytes()
        for length in Array(0..<64) + Array(stride(from: 64, to: bytes.count, by: 997)) {
            #expect(throws: GatehouseError.self) { try IntentModel(decoding: Array(bytes.prefix(length))) }
        }
        #expect(throws: GatehouseError.self) { try IntentModel(decoding: bytes + [0]) }
    }

    @Test func anotherVersionAndOtherFilesAreNamed() async throws {
        var bytes = try await bytes()
        bytes[8] = 9
        let version = #expect(throws: GatehouseError.self) { try IntentModel(decoding: bytes) }
        #expect(version?.code == .unsupported && version?.message.contains("version 9") == true)
        let other = #expect(throws: GatehouseError.self) { try IntentModel(decoding: Array("text,intent\n".utf8)) }
        #expect(other?.code == .unsupported)
    }

    /// Counts and texts that lie, with a checksum that holds.
    @Test func partsAreCheckedBehindAChecksumThatHolds() async throws {
        let bytes = try await bytes()
        for (place, value) in [
            (12, 0xFF), (16, 0xFF), (12, 0), (19, 0xFF), (27, 0x7F), (26, 0xF0), (84, 0xFF), (86, 0),
        ] {
            var other = bytes
            other[place] = UInt8(value)
            if place == 27 || place == 26 { (other[26], other[27]) = (0xF0, 0x7F) }
            Self.sign(&other)
            let error = #expect(throws: GatehouseError.self, "byte \(place)") { try IntentModel(decoding: other) }
            #expect(error?.code == .corrupt)
        }
    }

    /// CRC-32 once more, bit by bit.
    private static func sign(_ bytes: inout [UInt8]) {
        var value = UInt32.max
        for byte in bytes.dropLast(4) {
            value ^= UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
        }
        for index in 0..<4 { bytes[bytes.count - 4 + index] = UInt8(truncatingIfNeeded: ~value >> (8 * UInt32(index))) }
    }
}
