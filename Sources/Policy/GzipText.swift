internal import CZlib
public import Core

/// Whole texts in the gzip format (RFC 1952).
public enum GzipText {
    private static let chunk = 64 << 10
    /// Of zlib: a window of 32 KiB, with gzip's header and checksum.
    private static let windowBits: CInt = 15 + 16

    /// - Parameter level: from 1, fast, to 9, small.
    public static func compress(_ bytes: [UInt8], level: Int = 6) throws(GatehouseError) -> [UInt8] {
        var stream = z_stream()
        guard
            deflateInit2_(
                &stream, CInt(level), Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                CInt(MemoryLayout<z_stream>.size)) == Z_OK
        else { throw failure(.internal, "compression cannot begin") }
        defer { deflateEnd(&stream) }
        var input = bytes
        return try run(&stream, &input, limit: .max) { deflate(&$0, Z_FINISH) }
    }

    /// - Throws: `too_large` beyond `limit`, `invalid` for what is damaged, cut short or followed by something else.
    public static func decompress(_ bytes: [UInt8], limit: Int) throws(GatehouseError) -> [UInt8] {
        var stream = z_stream()
        guard
            inflateInit2_(&stream, windowBits, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size)) == Z_OK
        else { throw failure(.internal, "decompression cannot begin") }
        defer { inflateEnd(&stream) }
        var input = bytes
        let output = try run(&stream, &input, limit: limit) { inflate(&$0, Z_NO_FLUSH) }
        guard stream.avail_in == 0 else { throw failure(.invalid, "something follows the end of the gzip data") }
        return output
    }

    private static func run(
        _ stream: inout z_stream, _ input: inout [UInt8], limit: Int, _ step: (inout z_stream) -> CInt
    ) throws(GatehouseError) -> [UInt8] {
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: chunk)
        var status = Z_OK
        input.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(clamping: input.count)
            while status == Z_OK, output.count <= limit {
                let count = buffer.withUnsafeMutableBufferPointer { buffer in
                    stream.next_out = buffer.baseAddress
                    stream.avail_out = UInt32(buffer.count)
                    status = step(&stream)
                    return buffer.count - Int(stream.avail_out)
                }
                output += buffer[..<count]
            }
        }
        guard output.count <= limit else { throw failure(.tooLarge, "the gzip data has more than \(limit) bytes") }
        guard status == Z_STREAM_END else { throw failure(.invalid, "the gzip data is damaged or cut short") }
        return output
    }

    private static func failure(_ code: GatehouseError.Code, _ message: String) -> GatehouseError {
        GatehouseError("policy", code, message)
    }
}
