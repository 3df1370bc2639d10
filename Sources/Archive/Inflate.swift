import CZlib

/// Decompression of bytes from outside, bounded in what comes out.
public enum Inflate {
    public enum Format: Sendable {
        /// RFC 1952: one member or more, each decompressed by itself; zeros may fill the end.
        case gzip
        /// RFC 1951, as in zip.
        case deflate

        fileprivate var windowBits: Int32 { self == .gzip ? 31 : -15 }
    }

    public enum End: Sendable, Hashable {
        case complete
        case damaged, cutShort
        /// More came out than was allowed; the bytes up to there are given.
        case tooLarge
        /// What came out is more times its size than was allowed.
        case tooDense
    }

    public struct Output: Sendable {
        public var bytes: [UInt8]
        public var end: End
    }

    private static let chunk = 64 << 10
    /// Small things may be as dense as they like.
    private static let dense = 1 << 20

    /// - Parameters:
    ///   - limit: in bytes, of what comes out.
    ///   - ratio: how many times its size may come out, beyond the first MiB.
    public static func run(_ input: UnsafeRawBufferPointer, _ format: Format, limit: Int, ratio: Int) -> Output {
        guard let base = input.bindMemory(to: UInt8.self).baseAddress, let count = UInt32(exactly: input.count) else {
            return Output(bytes: [], end: input.isEmpty ? .cutShort : .tooLarge)
        }
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        guard inflateInit2_(&stream, format.windowBits, ZLIB_VERSION, size) == Z_OK else {
            return Output(bytes: [], end: .damaged)
        }
        defer { inflateEnd(&stream) }
        stream.next_in = UnsafeMutablePointer(mutating: base)
        stream.avail_in = count
        var output = Output(bytes: [], end: .complete)
        while true {
            let status = step(&stream, into: &output.bytes)
            if output.bytes.count > limit {
                output.bytes.removeLast(output.bytes.count - limit)
                output.end = .tooLarge
                return output
            }
            if output.bytes.count > dense, output.bytes.count / max(1, ratio) > input.count {
                output.end = .tooDense
                return output
            }
            if let end = end(status, &stream, format) {
                output.end = end
                return output
            }
        }
    }

    /// Nil while there is more to come.
    private static func end(_ status: Int32, _ stream: inout z_stream, _ format: Format) -> End? {
        switch status {
        case Z_OK: return nil
        case Z_STREAM_END:
            if format == .deflate || stream.avail_in == 0 || isFilling(stream) { return .complete }
            inflateReset(&stream)
            return nil
        case Z_BUF_ERROR where stream.avail_in == 0: return .cutShort
        default: return .damaged
        }
    }

    private static func step(_ stream: inout z_stream, into output: inout [UInt8]) -> Int32 {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: chunk) { buffer in
            stream.next_out = buffer.baseAddress
            stream.avail_out = UInt32(chunk)
            let status = inflate(&stream, Z_NO_FLUSH)
            output.append(contentsOf: buffer[..<(chunk - Int(stream.avail_out))])
            return status
        }
    }

    private static func isFilling(_ stream: z_stream) -> Bool {
        UnsafeBufferPointer(start: stream.next_in, count: Int(stream.avail_in)).allSatisfy { $0 == 0 }
    }
}
