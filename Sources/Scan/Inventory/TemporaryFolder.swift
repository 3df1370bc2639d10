import Core

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A private folder (mode 0700) that is gone when the work in it ends, however it ends.
package enum TemporaryFolder {
    package static func with<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/gatehouse-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw TreeReader.error("cannot make a folder in \(base)", errno) }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { remove(path) }
        return try await body(path)
    }

    /// Depth first, links not followed. What cannot be removed stays.
    static func remove(_ path: String) {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else { return }
        empty(folder)
        rmdir(path)
    }

    /// Takes the descriptor over.
    private static func empty(_ folder: Int32) {
        guard let stream = fdopendir(folder) else {
            close(folder)
            return
        }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8) { continue }
            // By its bytes: a name need not be UTF-8.
            (name + [0]).withUnsafeBytes { bytes in
                guard let base = bytes.bindMemory(to: CChar.self).baseAddress else { return }
                if unlinkat(folder, base, 0) == 0 { return }
                let inner = TreeReader.openComponent(folder, name[...], O_DIRECTORY)
                if inner >= 0 { empty(inner) }
                unlinkat(folder, base, AT_REMOVEDIR)
            }
        }
    }
}
