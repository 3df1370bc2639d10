internal import CZlib
internal import Core

/// Archives in the gzip format (RFC 1952), of which no byte is believed.
enum Gzip {
    static func isCompressed(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

    /// - Throws: `corrupt` for what is damaged or cut short; `too_large` for what grows beyond the limits.
    static func inflate(_ bytes: [UInt8], _ limits: BundleLimits) throws(GatehouseError) -> [UInt8] {
        var stream = z_stream()
        guard bytes.count <= Int(UInt32.max) else { throw .bundle(.tooLarge, "has more than 4 GiB") }
        guard inflateInit2_(&stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw GatehouseError("policy", .internal, "zlib cannot start")
        }
        defer { inflateEnd(&stream) }
        let result: Result<[UInt8], GatehouseError> = bytes.withUnsafeBufferPointer { input in
            stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            stream.avail_in = UInt32(input.count)
            do throws(GatehouseError) { return .success(try members(of: &stream, input.count, limits)) } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// A gzip file is one or more members, each decompressed by itself; zeros may fill the end.
    private static func members(
        of stream: inout z_stream, _ count: Int, _ limits: BundleLimits
    ) throws(GatehouseError) -> [UInt8] {
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let status = step(&stream, &chunk, into: &output)
            try check(output.count, of: count, limits)
            switch status {
            case Z_OK: continue
            case Z_STREAM_END:
                if stream.avail_in == 0 || isFilling(stream) { return output }
                inflateReset(&stream)
            case Z_BUF_ERROR where stream.avail_in == 0: throw .bundle(.corrupt, "is cut short")
            default: throw .bundle(.corrupt, "is damaged: what gzip has compressed does not decompress")
            }
        }
    }

    private static func step(_ stream: inout z_stream, _ chunk: inout [UInt8], into output: inout [UInt8]) -> Int32 {
        let size = chunk.count
        let status = chunk.withUnsafeMutableBufferPointer { buffer in
            stream.next_out = buffer.baseAddress
            stream.avail_out = UInt32(size)
            return CZlib.inflate(&stream, Z_NO_FLUSH)
        }
        output += chunk[..<(size - Int(stream.avail_out))]
        return status
    }

    private static func isFilling(_ stream: z_stream) -> Bool {
        UnsafeBufferPointer(start: stream.next_in, count: Int(stream.avail_in)).allSatisfy { $0 == 0 }
    }

    private static func check(_ output: Int, of input: Int, _ limits: BundleLimits) throws(GatehouseError) {
        guard output <= limits.totalBytes else {
            throw .bundle(.tooLarge, "has more than \(limits.totalBytes) bytes when it is decompressed")
        }
        guard output <= 1 << 20 || output / max(1, limits.ratio) <= input else {
            throw .bundle(.tooLarge, "decompresses to more than \(limits.ratio) times its size")
        }
    }
}
