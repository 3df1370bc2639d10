import Core

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Small files that only their owner may read.
enum PrivateFile {
    /// The 32 bytes in the file, which is made with random ones at first.
    /// - Throws: `denied` when others can read it, `invalid` when it holds something else, `unavailable`.
    static func secretKey(_ path: String) throws -> [UInt8] {
        let made = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        if made >= 0 {
            defer { close(made) }
            var random = SystemRandomNumberGenerator()
            let key = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            guard write(made, Hex.encode(key) + "\n"), fsync(made) == 0 else { throw failure("write", path) }
            return key
        }
        guard errno == EEXIST else { throw failure("make", path) }
        return try read(path)
    }

    /// Writes a small file that anyone who may enter the folder may read.
    static func write(_ text: String, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw failure("make", path) }
        defer { close(descriptor) }
        guard write(descriptor, text) else { throw failure("write", path) }
    }

    private static func read(_ path: String) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw failure("read", path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("read", path) }
        guard status.st_mode & 0o077 == 0 else {
            throw GatehouseError(
                "gatehouse", .denied, "others can read the key file \(path)", hint: "chmod 600 '\(path)'")
        }
        var buffer = [UInt8](repeating: 0, count: 128)
        let count = systemRead(descriptor, &buffer)
        let text = String(decoding: buffer.prefix(max(0, count)).prefix { $0 != 0x0A }, as: UTF8.self)
        guard let key = Hex.decode(text), key.count == 32 else {
            throw GatehouseError(
                "gatehouse", .invalid, "\(path) does not hold a key",
                hint: "restore it from a backup: without it no API key is known")
        }
        return key
    }

    private static func write(_ descriptor: Int32, _ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { systemWrite(descriptor, $0) }
            if count < 0, errno != EINTR { return false }
            rest = rest.dropFirst(max(0, count))
        }
        return true
    }

    private static func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #else
            Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }

    private static func systemRead(_ descriptor: Int32, _ buffer: inout [UInt8]) -> Int {
        #if canImport(Glibc)
            Glibc.read(descriptor, &buffer, buffer.count)
        #else
            Darwin.read(descriptor, &buffer, buffer.count)
        #endif
    }

    private static func failure(_ what: String, _ path: String) -> GatehouseError {
        GatehouseError(
            "gatehouse", .unavailable, "cannot \(what) the key file \(path)", cause: String(cString: strerror(errno)))
    }
}
