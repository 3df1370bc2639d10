internal import CZlib
public import Core

/// A file that is gzip (RFC 1952), or plain: zlib reads what is not compressed as it is.
public enum GzipFile {
    /// - Parameter limit: bytes that it may have when it is decompressed.
    /// - Throws: `notFound`, `corrupt` (also where it is cut short), `tooLarge`.
    public static func read(_ path: String, limit: Int) throws(GatehouseError) -> [UInt8] {
        guard let file = gzopen(path, "rb") else {
            throw GatehouseError("archive", .notFound, "cannot read \(path)")
        }
        defer { gzclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = gzread(file, &chunk, UInt32(chunk.count))
            guard count >= 0 else { throw GatehouseError("archive", .corrupt, "\(path) is damaged") }
            if count == 0 { break }
            guard bytes.count + Int(count) <= limit else {
                throw GatehouseError("archive", .tooLarge, "\(path) has more than \(limit) bytes")
            }
            bytes.append(contentsOf: chunk[..<Int(count)])
        }
        // A file that ends too early reads well until it is asked.
        var status: CInt = 0
        gzerror(file, &status)
        guard status == Z_OK else { throw GatehouseError("archive", .corrupt, "\(path) is cut short") }
        return bytes
    }
}
