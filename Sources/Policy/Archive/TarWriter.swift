/// Writes tar (ustar, with pax for long paths), the same bytes for the same files: no times, owners or order of its own.
struct TarWriter {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ file: BundleFile) {
        // As `opa build` does, paths start with a slash.
        let path = Array("/\(file.path)".utf8)
        if path.count > 100 { add(Self.record("path", path), type: "x", path: Array("PaxHeaders".utf8)) }
        add(file.bytes, type: "0", path: Array(path.prefix(100)))
    }

    mutating func finish() -> [UInt8] {
        bytes += [UInt8](repeating: 0, count: 1024)
        return bytes
    }

    private mutating func add(_ content: [UInt8], type: Unicode.Scalar, path: [UInt8]) {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: some Collection<UInt8>, at start: Int) {
            for (offset, byte) in text.enumerated() { header[start + offset] = byte }
        }
        put(path, at: 0)
        put(Self.octal(0o644, 7).utf8, at: 100)
        for start in [108, 116] { put(Self.octal(0, 7).utf8, at: start) }
        put(Self.octal(content.count, 11).utf8, at: 124)
        put(Self.octal(0, 11).utf8, at: 136)
        put("        ".utf8, at: 148)
        header[156] = UInt8(ascii: type)
        put("ustar\0".utf8, at: 257)
        put("00".utf8, at: 263)
        put(Self.octal(header.reduce(0) { $0 + Int($1) }, 6).utf8, at: 148)
        header[154] = 0
        bytes += header
        bytes += content
        bytes += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    private static func octal(_ number: Int, _ width: Int) -> String {
        let digits = String(number, radix: 8)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    /// `LENGTH KEY=VALUE\n`; the length counts its own digits.
    private static func record(_ key: String, _ value: [UInt8]) -> [UInt8] {
        let rest = Array(" \(key)=".utf8) + value + [UInt8(ascii: "\n")]
        var length = rest.count + 1
        while length != rest.count + String(length).utf8.count { length = rest.count + String(length).utf8.count }
        return Array(String(length).utf8) + rest
    }
}
