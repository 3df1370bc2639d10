import Core
import Scan

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Writes changed files so that each is there whole, old or new: a new file beside the old one takes its name. No link is
/// followed, nothing outside of the folder is written, and a file that is not what was seen stays as it is.
struct FixWriter {
    let folder: AssessedFolder

    /// A new file that waits to take its place.
    private struct Staged {
        var change: FileChange
        var folder: Int32
        var name: [UInt8]
        var temporary: [UInt8]
    }

    /// Whether all of them could be written now.
    /// - Throws: `conflict` for a file that is another than was seen, `denied` for one that may not be written.
    func check(_ changes: [FileChange]) throws(GatehouseError) {
        for change in changes {
            try refuseGit(change.path)
            let opened = try open(change)
            close(opened.file)
            close(opened.folder)
        }
    }

    /// All of them or none.
    func write(_ changes: [FileChange]) throws(GatehouseError) {
        var staged: [Staged] = []
        defer {
            for entry in staged {
                _ = Self.with(entry.temporary) { unlinkat(entry.folder, $0, 0) }
                close(entry.folder)
            }
        }
        for change in changes { staged.append(try stage(change)) }
        // Nothing has changed meanwhile: the time between this look and the names' changes is short.
        try check(changes)
        var done: [Staged] = []
        for entry in staged {
            guard rename(entry.temporary, entry.name, in: entry.folder) == 0 else {
                let reason = Self.words(errno)
                restore(done.map(\.change))
                throw GatehouseError("fixes", .unavailable, "\(entry.change.path) cannot be replaced", cause: reason)
            }
            done.append(entry)
            fsync(entry.folder)
        }
    }

    /// Puts back what was written before another file failed.
    private func restore(_ changes: [FileChange]) {
        let back = changes.map { FileChange(path: $0.path, before: $0.after, after: $0.before) }
        for change in back {
            guard let entry = try? stage(change) else { continue }
            _ = rename(entry.temporary, entry.name, in: entry.folder)
            close(entry.folder)
        }
    }

    // MARK: - One file

    /// Git's own files are none of a tree's.
    private func refuseGit(_ path: String) throws(GatehouseError) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        if parts.contains(where: { $0.lowercased() == ".git" || $0 == ".." || $0.isEmpty }) {
            throw GatehouseError("fixes", .denied, "\(path.prefix(200)) is no file that may be changed")
        }
    }

    private func open(_ change: FileChange) throws(GatehouseError) -> (file: Int32, folder: Int32, mode: stat) {
        let path = Array(change.path.utf8)
        let name = path[(path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0)...]
        guard let folder = folder.openFolder(of: path) else { throw refusal(change, errno) }
        let file = Self.with(Array(name)) { openat(folder, $0, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK) }
        guard file >= 0 else {
            let number = errno
            close(folder)
            throw refusal(change, number)
        }
        do throws(GatehouseError) { return (file, folder, try inspect(file, change)) } catch {
            close(file)
            close(folder)
            throw error
        }
    }

    private func inspect(_ file: Int32, _ change: FileChange) throws(GatehouseError) -> stat {
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw refusal(change, EINVAL) }
        guard status.st_mode & 0o222 != 0 else {
            throw GatehouseError(
                "fixes", .denied, "\(change.path) is read-only", hint: "give the right to write, and ask again")
        }
        guard Int(status.st_size) == change.before.count, Self.read(file, change.before.count) == change.before else {
            throw GatehouseError(
                "fixes", .conflict, "\(change.path) has changed since the fix was made",
                hint: "assess again, and look at the new fix")
        }
        return status
    }

    private func refusal(_ change: FileChange, _ number: Int32) -> GatehouseError {
        let isLink = number == ELOOP || number == ENOTDIR
        return GatehouseError(
            "fixes", number == EACCES ? .denied : .conflict,
            "\(change.path) \(isLink ? "is a link or lies beyond one" : "cannot be opened")", cause: Self.words(number))
    }

    private func stage(_ change: FileChange) throws(GatehouseError) -> Staged {
        let (file, folder, status) = try open(change)
        close(file)
        let path = Array(change.path.utf8)
        let name = Array(path[(path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0)...])
        let temporary = Array(".gatehouse-\(String(UInt64.random(in: .min ... .max), radix: 36))".utf8)
        let made = Self.with(temporary) {
            openat(folder, $0, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        }
        guard made >= 0 else {
            let number = errno
            close(folder)
            throw GatehouseError(
                "fixes", .denied, "nothing can be written beside \(change.path)", cause: Self.words(number))
        }
        defer { close(made) }
        var isWritten = Self.write(change.after, to: made)
        // Another owner is kept where we may; else the file becomes ours, as any editor would make it.
        _ = fchown(made, status.st_uid, status.st_gid)
        isWritten = isWritten && fchmod(made, status.st_mode & 0o7777) == 0 && fsync(made) == 0
        guard isWritten else {
            let number = errno
            _ = Self.with(temporary) { unlinkat(folder, $0, 0) }
            close(folder)
            throw GatehouseError(
                "fixes", .unavailable, "\(change.path) cannot be written", cause: Self.words(number))
        }
        return Staged(change: change, folder: folder, name: name, temporary: temporary)
    }

    private func rename(_ from: [UInt8], _ to: [UInt8], in folder: Int32) -> Int32 {
        Self.with(from) { from in Self.with(to) { to in renameat(folder, from, folder, to) } }
    }

    // MARK: - Bytes

    private static func with(_ name: [UInt8], _ body: (UnsafePointer<CChar>) -> Int32) -> Int32 {
        (name + [0]).withUnsafeBytes { bytes in
            guard let base = bytes.bindMemory(to: CChar.self).baseAddress else { return -1 }
            return body(base)
        }
    }

    private static func read(_ file: Int32, _ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count <= count {
            let got = Glibc.read(file, &piece, piece.count)
            if got <= 0 { break }
            bytes += piece[..<got]
        }
        return bytes
    }

    private static func write(_ bytes: [UInt8], to file: Int32) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let written = Glibc.write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { return false }
                rest = rest.dropFirst(written)
            }
            return true
        }
    }

    private static func words(_ number: Int32) -> String { String(cString: strerror(number)) }
}
