public import Core

extension SigningKey {
    /// Reads the key in the file at `path`, or makes one named `name` and keeps it there, readable by its owner only.
    ///
    /// - Throws: `denied` when others can read the file, `invalid` when it holds something else, `unavailable`.
    public static func load(path: String, creating name: String) throws(GatehouseError) -> SigningKey {
        if let file = try DiskFile.openIfPresent(path) {
            return try read(file)
        }
        let key = try SigningKey(generating: name)
        try DiskFile.replace(path, with: Array((key.text.expose() + "\n").utf8), mode: 0o600)
        return key
    }

    private static func read(_ file: DiskFile) throws(GatehouseError) -> SigningKey {
        let status = try file.status()
        guard status.mode & 0o077 == 0 else {
            throw GatehouseError(
                "ledger", .denied, "the signing key \(file.path) can be read by others than its owner",
                hint: "chmod 600 \(file.path)")
        }
        guard status.size <= 4096 else { throw GatehouseError("ledger", .invalid, "\(file.path) is no signing key") }
        let bytes = try file.read(at: 0, count: Int(status.size))
        let text = String(decoding: bytes.split(separator: UInt8(ascii: "\n")).first ?? [], as: UTF8.self)
        return try SigningKey(parsing: Secret(text))
    }
}
