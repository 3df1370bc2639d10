import Core
import TestSupport
import Testing

@testable import Ledger

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension ScratchFolder {
    func change(mode: UInt32, of name: String) throws {
        guard chmod(file(name), mode) == 0 else { throw SystemCall.error("cannot change mode", errno) }
    }
}

func readFile(_ path: String) throws -> [UInt8] {
    let file = try DiskFile.open(path, .read)
    return try file.read(at: 0, count: Int(file.size()))
}

func writeFile(_ path: String, _ bytes: [UInt8]) throws {
    let file = try DiskFile.open(path, .create)
    try file.truncate(to: 0)
    try file.write(bytes, at: 0)
}

func copyLedger(_ source: String, to target: String) throws {
    try DiskFile.makeDirectory(target)
    for name in ScratchFolder.names(in: source) {
        try writeFile("\(target)/\(name)", try readFile("\(source)/\(name)"))
    }
}

let testKey = { () -> SigningKey in
    // A test that has no key has nothing to go on with.
    guard let key = try? SigningKey(name: "log.example/test", seed: [UInt8](repeating: 5, count: 32)) else {
        preconditionFailure()
    }
    return key
}()

/// Options by which nothing is signed but when asked.
var quiet: Ledger.Options {
    var options = Ledger.Options()
    options.checkpointEntries = .max
    options.checkpointInterval = .seconds(3600)
    return options
}

extension Ledger {
    /// Appends texts one after the other.
    func append(_ texts: String...) async throws {
        for text in texts { try await append(Array(text.utf8)) }
    }
}

func file(_ path: String, has text: String) throws -> Bool {
    try readFile(path).withUnsafeBytes { Needle(Array(text.utf8)).isIn($0) }
}
