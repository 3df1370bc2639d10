internal import CZlib
import Core

/// What an entry holds: stored as it is, or compressed with deflate (RFC 1951).
enum Deflate {
    static func content(
        _ bytes: [UInt8], method: UInt16, name: String, limit: Int
    ) throws(GatehouseError) -> [UInt8] {
        switch method {
        case 0:
            guard bytes.count <= limit else { throw tooLong(name, limit) }
            return bytes
        case 8:
            let output = bytes.withUnsafeBytes { Inflate.run($0, .deflate, limit: limit, ratio: .max) }
            switch output.end {
            case .complete: return output.bytes
            case .tooLarge, .tooDense: throw tooLong(name, limit)
            case .damaged, .cutShort: throw ZipArchive.corrupt("\(name) does not decompress")
            }
        default: throw ZipArchive.unsupported("\(name) is compressed by method \(method), which is not known here")
        }
    }

    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        UInt32(truncatingIfNeeded: bytes.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) })
    }

    private static func tooLong(_ name: String, _ limit: Int) -> GatehouseError {
        GatehouseError("archive", .tooLarge, "\(name) has more than \(limit) bytes")
    }
}
