internal import CZlib
public import Core

/// What a gzip file (RFC 1952, one member or more) holds, decompressed as it is read.
public final class GzipStream: ByteStream {
    private let source: any ByteStream
    private var left: Int64
    /// zlib keeps the address of its own state: it must not move.
    private let state: UnsafeMutablePointer<z_stream>
    private let input: UnsafeMutablePointer<UInt8>
    private var isDone = false

    private static let inputBytes = 64 << 10

    /// - Parameter limit: bytes that may come out.
    /// - Throws: `unavailable` where there is no memory for it.
    public init(_ source: any ByteStream, limit: Int64) throws(GatehouseError) {
        self.source = source
        left = limit
        state = .allocate(capacity: 1)
        state.initialize(to: z_stream())
        input = .allocate(capacity: Self.inputBytes)
        guard inflateInit2_(state, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw GatehouseError("archive", .unavailable, "zlib cannot be started")
        }
    }

    deinit {
        inflateEnd(state)
        state.deinitialize(count: 1)
        state.deallocate()
        input.deallocate()
    }

    public func read(upTo count: Int) throws(GatehouseError) -> [UInt8] {
        guard count > 0, !isDone else { return [] }
        var output = [UInt8](repeating: 0, count: min(count, Self.piece))
        var filled = 0
        while filled < output.count, !isDone {
            if state.pointee.avail_in == 0, try !refill() { throw Self.corrupt("ends too early") }
            let room = output.count - filled
            let status = output.withUnsafeMutableBufferPointer { buffer -> Int32 in
                state.pointee.next_out = buffer.baseAddress.map { $0 + filled }
                state.pointee.avail_out = UInt32(room)
                return inflate(state, Z_NO_FLUSH)
            }
            filled += room - Int(state.pointee.avail_out)
            switch status {
            case Z_OK, Z_BUF_ERROR: break
            case Z_STREAM_END: try finishMember()
            default: throw Self.corrupt("is damaged")
            }
        }
        left -= Int64(filled)
        guard left >= 0 else { throw GatehouseError("archive", .tooLarge, "more comes out of it than may") }
        return Array(output.prefix(filled))
    }

    /// False at the end.
    private func refill() throws(GatehouseError) -> Bool {
        let bytes = try source.read(upTo: Self.inputBytes)
        for (index, byte) in bytes.enumerated() { input[index] = byte }
        state.pointee.next_in = input
        state.pointee.avail_in = UInt32(bytes.count)
        return !bytes.isEmpty
    }

    /// Another member may follow; zeros may fill the end.
    private func finishMember() throws(GatehouseError) {
        while true {
            while state.pointee.avail_in > 0, state.pointee.next_in?.pointee == 0 {
                state.pointee.next_in = state.pointee.next_in.map { $0 + 1 }
                state.pointee.avail_in -= 1
            }
            if state.pointee.avail_in > 0 { break }
            guard try refill() else {
                isDone = true
                return
            }
        }
        inflateReset(state)
    }

    private static func corrupt(_ reason: String) -> GatehouseError {
        GatehouseError("archive", .corrupt, "what is compressed \(reason)")
    }
}
