import Core
import HummingbirdCore
import Ledger
import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The whole ledger as an answer. It is written to a file first, so that a slow reader holds no memory and sees one
/// state;
/// the file has lost its name before the first byte is sent, so that nothing is left behind whatever happens.
enum LedgerExport {
    private static let chunk = 256 << 10

    static func body(of ledger: Ledger, folder: String) async throws -> ResponseBody {
        let path = "\(folder)/export-\(Identifier.make("tmp", at: SystemWallClock().now()))"
        try await ledger.export(to: path)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        unlink(path)
        guard descriptor >= 0 else {
            throw GatehouseError("ledger", .unavailable, "cannot read the export that was just written")
        }
        let file = OpenFile(descriptor)
        return ResponseBody(contentLength: file.size) { writer in
            while let bytes = try file.read(upTo: chunk) { try await writer.write(ByteBuffer(bytes: bytes)) }
            try await writer.finish(nil)
        }
    }

    /// Closes when it is let go of.
    private final class OpenFile: Sendable {
        private let descriptor: Int32

        init(_ descriptor: Int32) { self.descriptor = descriptor }
        deinit { close(descriptor) }

        var size: Int? {
            var status = stat()
            return fstat(descriptor, &status) == 0 ? Int(status.st_size) : nil
        }

        /// Nil at the end.
        func read(upTo limit: Int) throws -> [UInt8]? {
            var failed: Int32 = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
                let got = readAgain(into: buffer)
                if got < 0 { failed = errno }
                count = max(0, got)
            }
            if failed != 0 {
                throw GatehouseError(
                    "ledger", .unavailable, "cannot read the export", cause: String(cString: strerror(failed)))
            }
            return bytes.isEmpty ? nil : bytes
        }

        private func readAgain(into buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
            while true {
                #if canImport(Glibc)
                    let got = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                #else
                    let got = Darwin.read(descriptor, buffer.baseAddress, buffer.count)
                #endif
                if got >= 0 || errno != EINTR { return got }
            }
        }
    }
}
