#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Walks a folder that git does not list for us: depth first, holding one open folder a level and no list of names.
/// Honours `.gitignore` files as gitignore(5) says, and `.git/info/exclude`; skips `.git`.
final class FolderWalk {
    enum Step {
        case file(path: [UInt8])
        case symlink(path: [UInt8])
        /// FIFO, socket or device.
        case special(path: [UInt8])
        case unreadable(path: [UInt8], error: Int32)
        case tooDeep(path: [UInt8])
    }

    static let maximumDepth = 256

    private struct Level {
        /// A `DIR *`.
        var stream: OpaquePointer
        /// Of this folder, with a trailing slash; empty at the root.
        var prefix: [UInt8]
        var ignore: IgnoreRules?
    }

    private var levels: [Level] = []
    private var exclude: IgnoreRules?
    /// `.gatehouseignore`: what it leaves out, nothing takes back in.
    private let own: IgnoreRules?
    private(set) var ignored = 0

    init(_ reader: TreeReader, also own: IgnoreRules? = nil) {
        self.own = own
        guard let root = reader.openRoot() else { return }
        if case .descriptor(let file) = reader.open(Array(".git/info/exclude".utf8)[...]) { exclude = Self.rules(file) }
        _ = enter(root, prefix: [])
    }

    deinit { for level in levels { closedir(level.stream) } }

    func next() -> Step? {
        while let level = levels.last {
            guard let entry = readdir(level.stream) else {
                closedir(level.stream)
                levels.removeLast()
                continue
            }
            let name = Self.name(of: entry)
            if name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8) || name.elementsEqual(".git".utf8) {
                continue
            }
            if let step = step(level, name, Kind(entry.pointee.d_type)) { return step }
        }
        return nil
    }

    private enum Kind {
        case file, directory, symlink, special

        /// Nil where the file system does not tell with the name.
        init?(_ type: UInt8) {
            switch Int(type) {
            case Int(DT_REG): self = .file
            case Int(DT_DIR): self = .directory
            case Int(DT_LNK): self = .symlink
            case Int(DT_UNKNOWN): return nil
            default: self = .special
            }
        }

        init(_ kind: TreeReader.Kind) {
            switch kind {
            case .file: self = .file
            case .directory: self = .directory
            case .symlink: self = .symlink
            case .special: self = .special
            }
        }
    }

    private static func kind(of name: [UInt8], in folder: Int32) -> Kind? {
        (name + [0]).withUnsafeBytes { bytes in
            bytes.bindMemory(to: CChar.self).baseAddress.flatMap { TreeReader.kind($0, in: folder) }.map(Kind.init)
        }
    }

    private func step(_ level: Level, _ name: [UInt8], _ kind: Kind?) -> Step? {
        let path = level.prefix + name
        let folder = dirfd(level.stream)
        guard let kind = kind ?? Self.kind(of: name, in: folder) else {
            return .unreadable(path: path, error: errno)
        }
        if isIgnored(path, isDirectory: kind == .directory) {
            ignored += 1
            return nil
        }
        switch kind {
        case .file: return .file(path: path)
        case .symlink: return .symlink(path: path)
        case .special: return .special(path: path)
        case .directory:
            guard levels.count < Self.maximumDepth else { return .tooDeep(path: path) }
            let opened = TreeReader.openComponent(folder, name[...], O_DIRECTORY)
            guard opened >= 0, enter(opened, prefix: path + [UInt8(ascii: "/")]) else {
                return .unreadable(path: path, error: errno)
            }
            return nil
        }
    }

    private func enter(_ descriptor: Int32, prefix: [UInt8]) -> Bool {
        let file = TreeReader.openComponent(descriptor, Array(".gitignore".utf8)[...], O_NONBLOCK)
        let ignore = file >= 0 ? Self.rules(file) : nil
        guard let stream = fdopendir(descriptor) else {
            close(descriptor)
            return false
        }
        levels.append(Level(stream: stream, prefix: prefix, ignore: ignore))
        return true
    }

    /// The nearest file that says anything decides.
    private func isIgnored(_ path: [UInt8], isDirectory: Bool) -> Bool {
        if own?.decision(on: path[...], isDirectory: isDirectory) == true { return true }
        for level in levels.reversed() {
            if let decision = level.ignore?.decision(on: path[level.prefix.count...], isDirectory: isDirectory) {
                return decision
            }
        }
        return exclude?.decision(on: path[...], isDirectory: isDirectory) ?? false
    }

    /// Takes the descriptor over.
    static func rules(_ descriptor: Int32) -> IgnoreRules? {
        defer { close(descriptor) }
        guard case .file = TreeReader.kind(of: descriptor),
            let bytes = readWhole(descriptor, limit: IgnoreRules.maximumBytes)
        else { return nil }
        let rules = IgnoreRules(bytes)
        return rules.isEmpty ? nil : rules
    }

    static func readWhole(_ descriptor: Int32, limit: Int) -> [UInt8]? {
        var bytes = [UInt8]()
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while bytes.count < limit {
            let got = read(descriptor, &chunk, min(chunk.count, limit - bytes.count))
            if got < 0 { return nil }
            if got == 0 { break }
            bytes += chunk[..<got]
        }
        return bytes
    }

    private static func name(of entry: UnsafeMutablePointer<dirent>) -> [UInt8] {
        withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
    }
}
