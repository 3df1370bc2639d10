#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The header of git's index: how many files it lists, for a progress bar to know how far it has come.
enum GitIndex {
    /// Nil where there is no index in `.git`, as in a linked work tree: then the total is not known.
    static func fileCount(_ reader: TreeReader) -> Int? {
        guard case .descriptor(let file) = reader.open(Array(".git/index".utf8)[...]) else { return nil }
        defer { TreeReader.close(file) }
        // "DIRC", the version and the number of entries, four bytes each (git's index-format).
        var header = [UInt8](repeating: 0, count: 12)
        guard pread(file, &header, header.count, 0) == header.count, header.prefix(4).elementsEqual("DIRC".utf8) else {
            return nil
        }
        return header[8...].reduce(0) { $0 << 8 | Int($1) }
    }
}
