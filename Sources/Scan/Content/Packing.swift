import Archive

/// An archive or a compressed file, told by its first bytes.
enum Packing: Sendable, Hashable {
    case zip, gzip, tar
    /// Known, and not read.
    case other(String)

    private static let others: [(name: String, mark: [UInt8])] = [
        ("xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0]), ("bzip2", Array("BZh".utf8)), ("zstd", [0x28, 0xB5, 0x2F, 0xFD]),
        ("7z", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]), ("RAR", Array("Rar!\u{1A}\u{07}".utf8)),
        ("lz4", [0x04, 0x22, 0x4D, 0x18]),
    ]

    init?(_ start: UnsafeRawBufferPointer) {
        if ZipEntries.isZip(start) {
            self = .zip
        } else if start.starts(with: [0x1F, 0x8B, 8]) {
            self = .gzip
        } else if TarEntries.isTar(start) {
            self = .tar
        } else if let other = Self.others.first(where: { start.starts(with: $0.mark) }), start.contains(0) {
            self = .other(other.name)
        } else {
            return nil
        }
    }

    /// Whether a name is one of an archive or a notebook, which is looked into whole.
    static func isLikely(_ path: [UInt8]) -> Bool {
        guard let dot = path.lastIndex(of: UInt8(ascii: ".")), path.count - dot <= 8 else { return false }
        return endings.contains(String(decoding: path[(dot + 1)...], as: UTF8.self).lowercased())
    }

    private static let endings: Set<String> = [
        "zip", "jar", "war", "ear", "aar", "apk", "whl", "egg", "nupkg", "vsix", "docx", "xlsx", "pptx", "odt", "tar",
        "tgz", "gz", "crate", "gem", "ipynb",
    ]
}
