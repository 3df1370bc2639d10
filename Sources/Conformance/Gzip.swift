import CZlib

/// Reads a file whole, decompressed if it is gzip (RFC 1952).
enum Gzip {
    static func read(_ path: String) throws -> [UInt8] {
        guard let file = gzopen(path, "rb") else { throw CaseFiles.Failure(description: "cannot read \(path)") }
        defer { gzclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = gzread(file, &chunk, UInt32(chunk.count))
            guard count >= 0 else { throw CaseFiles.Failure(description: "\(path) is damaged") }
            if count == 0 { break }
            bytes.append(contentsOf: chunk[..<Int(count)])
        }
        // A file that ends too early reads well until it is asked.
        var status: CInt = 0
        gzerror(file, &status)
        guard status == Z_OK else { throw CaseFiles.Failure(description: "\(path) is cut short") }
        return bytes
    }
}
