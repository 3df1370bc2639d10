import Core

/// Finds the oldest commit that brought each of some blobs in, in one pass over the log without looking into any file.
enum FirstCommits {
    struct Entry: Sendable {
        var commit: Finding.Commit
        var path: [UInt8]
    }

    static func find(_ blobs: Set<String>, in folder: String, git: Git, timeout: Duration) async throws -> [String:
        Entry]
    {
        guard !blobs.isEmpty else { return [:] }
        return try await Git.within(timeout) {
            var parser = LogParser(wanted: blobs)
            var splitter = RecordSplitter(end: 0)
            let arguments = [
                "log", "--all", "--raw", "--no-abbrev", "-z", "--no-renames", "--root", "-m", "--no-show-signature",
                "--no-ext-diff", "--no-textconv", "--no-notes", "--no-color", "--format=%x01%H %at",
            ]
            try await git.stream(in: folder, arguments) { piece in
                for record in piece.withBytes({ splitter.take($0) }) { parser.take(record) }
            }
            return parser.found
        }
    }

    /// Records: `\x01COMMIT SECONDS`; then for each file `:MODE MODE OLD NEW STATUS` and its path. Newest commit first,
    /// so that the last word on a blob is the oldest commit's.
    struct LogParser {
        let wanted: Set<String>
        private(set) var found: [String: Entry] = [:]
        private var commit = Finding.Commit(id: "", authored: nil)
        private var blob: String?

        init(wanted: Set<String>) { self.wanted = wanted }

        mutating func take(_ record: [UInt8]) {
            if let awaited = blob {
                if wanted.contains(awaited) { found[awaited] = Entry(commit: commit, path: record) }
                blob = nil
                return
            }
            var record = record[...]
            while record.first == 0x0A { record.removeFirst() }
            let text = String(decoding: record, as: UTF8.self)
            if record.first == 1 {
                let words = text.dropFirst().split(separator: " ")
                guard let id = words.first else { return }
                let seconds = words.dropFirst().first.flatMap { Int64($0) }
                commit = .init(
                    id: String(id), authored: seconds.map { Timestamp(seconds: min(max($0, 0), 253_402_300_799)) })
            } else if record.first == UInt8(ascii: ":") {
                let words = text.split(separator: " ")
                blob = words.count >= 4 ? String(words[3]) : ""
            }
        }
    }
}
