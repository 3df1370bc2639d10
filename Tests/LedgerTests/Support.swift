import Core
import Testing

@testable import Ledger

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A folder that goes away with this object.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/ledger-test-XXXXXX\0".utf8CString.dropLast())
        guard mkdtemp(&template) != nil else { throw SystemCall.error("cannot make a folder", errno) }
        path = String(decoding: template.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { TemporaryFolder.remove(path) }

    func change(mode: UInt32, of name: String) throws {
        guard chmod("\(path)/\(name)", mode) == 0 else { throw SystemCall.error("cannot change mode", errno) }
    }

    static func remove(_ path: String) {
        for name in names(in: path) { remove("\(path)/\(name)") }
        if rmdir(path) != 0 { unlink(path) }
    }

    static func names(in path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
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
    for name in TemporaryFolder.names(in: source) {
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
