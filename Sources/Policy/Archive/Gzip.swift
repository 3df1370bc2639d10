internal import Archive
internal import Core

/// Archives in the gzip format (RFC 1952), of which no byte is believed.
enum Gzip {
    static func isCompressed(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

    /// - Throws: `corrupt` for what is damaged or cut short; `too_large` for what grows beyond the limits.
    static func inflate(_ bytes: [UInt8], _ limits: BundleLimits) throws(GatehouseError) -> [UInt8] {
        let output = bytes.withUnsafeBytes {
            Inflate.run($0, .gzip, limit: limits.totalBytes, ratio: limits.ratio)
        }
        switch output.end {
        case .complete: return output.bytes
        case .cutShort: throw .bundle(.corrupt, "is cut short")
        case .damaged: throw .bundle(.corrupt, "is damaged: what gzip has compressed does not decompress")
        case .tooLarge:
            throw .bundle(.tooLarge, "has more than \(limits.totalBytes) bytes when it is decompressed")
        case .tooDense: throw .bundle(.tooLarge, "decompresses to more than \(limits.ratio) times its size")
        }
    }
}
