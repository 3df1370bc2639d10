import Core
import Formats

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where a private key comes from: a file that only its owner can read, or the environment of the house; never an
/// argument, which others on the machine can see and the ledger would keep.
enum SigningKeyFile {
    static let variable = "GATEHOUSE_ATTEST_KEY"
    private static let maximumBytes = 64 << 10

    /// - Parameter path: nil for the environment.
    /// - Throws: `notFound`; `denied` where others than its owner may read it; `invalid` for no key.
    static func key(_ path: String?) throws(GatehouseError) -> SigningKey {
        guard let path else {
            guard let value = getenv(variable) else {
                throw GatehouseError(
                    "scan", .notFound, "no private key is given",
                    hint: "name a file of mode 0600 with --key, or put the key as PEM into \(variable) of the house")
            }
            return try SigningKey(pem: Secret(String(cString: value)))
        }
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else { throw TreeReader.error("cannot read the private key \(path)", errno) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw GatehouseError("scan", .invalid, "the private key \(path) is no regular file")
        }
        guard status.st_mode & 0o077 == 0, status.st_uid == geteuid() else {
            throw GatehouseError(
                "scan", .denied, "the private key \(path) is not for its owner alone, or is not this user's",
                hint: "give the file to the user that signs, and run: chmod 600 \(path)")
        }
        guard let bytes = FolderWalk.readWhole(file, limit: maximumBytes) else {
            throw TreeReader.error("cannot read the private key \(path)", errno)
        }
        return try SigningKey(pem: Secret(String(decoding: bytes, as: UTF8.self)))
    }
}
