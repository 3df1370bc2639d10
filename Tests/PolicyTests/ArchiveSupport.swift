import Core
import FoundationEssentials
import Policy
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

extension ScratchFolder {
    @discardableResult
    func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }

    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let file = "\(path)/\(name)"
        let folder = String(file[..<(file.lastIndex(of: "/") ?? file.endIndex)])
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(filePath: file))
        return file
    }

    func link(_ name: String, to target: String) { symlink(target, "\(path)/\(name)") }

    func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: "\(path)/\(name)"))) }
}

/// Runs a program of the system to its end; its status.
@discardableResult
func run(_ arguments: String...) -> Int32 {
    var pid: pid_t = 0
    var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    guard posix_spawnp(&pid, arguments[0], nil, nil, &pointers, environ) == 0 else { return -1 }
    var status: Int32 = 0
    waitpid(pid, &status, 0)
    return status
}

/// Tar blocks made by hand, well-formed or not.
struct HandmadeTar {
    var bytes: [UInt8] = []

    mutating func add(
        _ path: String, _ content: String = "", type: Character = "0", link: String = "", size: String? = nil,
        fixesChecksum: Bool = true
    ) {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at start: Int, _ limit: Int) {
            for (offset, byte) in text.utf8.prefix(limit).enumerated() { header[start + offset] = byte }
        }
        let octal = String(content.utf8.count, radix: 8)
        put(path, at: 0, 100)
        put("0000644", at: 100, 8)
        put(size ?? String(repeating: "0", count: 11 - octal.count) + octal, at: 124, 12)
        put(String(type), at: 156, 1)
        put(link, at: 157, 100)
        put("ustar\u{0}00", at: 257, 8)
        put("        ", at: 148, 8)
        let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
        if fixesChecksum { put(String(repeating: "0", count: 6 - sum.count) + sum + "\u{0} ", at: 148, 8) }
        bytes += header
        bytes += Array(content.utf8)
        bytes += [UInt8](repeating: 0, count: (512 - content.utf8.count % 512) % 512)
    }

    var finished: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }

    /// Makes damaged headers pass for whole ones, so that damage gets further.
    static func fixChecksums(of bytes: inout [UInt8]) {
        for start in stride(from: 0, to: bytes.count - 511, by: 512)
        where bytes[(start + 257)...].starts(with: "ustar".utf8) {
            for at in 148..<156 { bytes[start + at] = 0x20 }
            let sum = String(bytes[start..<start + 512].reduce(0) { $0 + Int($1) }, radix: 8)
            for (at, digit) in (String(repeating: "0", count: 6 - sum.count) + sum + "\u{0}").utf8.enumerated() {
                bytes[start + 148 + at] = digit
            }
        }
    }

    static func of(_ path: String, _ content: String = "", type: Character = "0", link: String = "") -> [UInt8] {
        var tar = HandmadeTar()
        tar.add(path, content, type: type, link: link)
        return tar.finished
    }
}
