import Core
import Formats
import JSON

/// A change that can be kept and made later: which bytes go and which come, and what the files hold before and after.
struct FixPatch: Sendable, Hashable {
    struct File: Sendable, Hashable {
        var path: String
        /// SHA-256 in hexadecimal of what it has to hold, and of what it will.
        var before: String
        var after: String
        var edits: [Edit]
    }

    struct Edit: Sendable, Hashable {
        var offset: Int
        var length: Int
        var text: String
    }

    var files: [File]

    /// Nil where the bytes that come are no UTF-8.
    init?(from changes: [FileChange]) {
        files = []
        for change in changes {
            var edits: [Edit] = []
            for piece in UnifiedDiff(from: change.before, to: change.after).replacements {
                guard let text = String(validating: change.after[piece.new], as: UTF8.self) else { return nil }
                edits.append(Edit(offset: piece.old.lowerBound, length: piece.old.count, text: text))
            }
            files.append(
                File(
                    path: change.path, before: FixDigest.of(change.before), after: FixDigest.of(change.after),
                    edits: edits))
        }
    }

    /// The changes of those files that do not hold yet what they are to hold: an end between two files leaves some.
    ///
    /// - Parameter read: what a file holds now.
    /// - Throws: `conflict` where it is not what the patch was made for.
    func changes(_ read: (String) -> [UInt8]?) throws(GatehouseError) -> [FileChange] {
        var changes: [FileChange] = []
        for file in files {
            let before = read(file.path)
            let digest = before.map(FixDigest.of)
            if digest == file.after { continue }
            guard let before, digest == file.before else {
                throw GatehouseError(
                    "fixes", .conflict, "\(file.path.prefix(200)) has changed since: it cannot be set back",
                    hint: "take the change out by hand, or with git")
            }
            let edits = file.edits.map { TextEdit($0.offset..<$0.offset + $0.length, $0.text) }
            guard let after = edits.applied(to: before), FixDigest.of(after) == file.after else {
                throw GatehouseError("fixes", .invalid, "the patch of \(file.path.prefix(200)) does not fit its hashes")
            }
            changes.append(FileChange(path: file.path, before: before, after: after))
        }
        return changes
    }

    // MARK: - JSON

    var json: JSON {
        .array(
            files.map { file in
                [
                    "path": .string(file.path), "before": .string(file.before), "after": .string(file.after),
                    "edits": .array(
                        file.edits.map {
                            ["offset": JSON($0.offset), "length": JSON($0.length), "text": .string($0.text)]
                        }),
                ]
            })
    }

    /// Nil for what is none.
    init?(_ json: JSON) {
        files = []
        for file in json.array ?? [] {
            guard let path = file["path"]?.string, let before = file["before"]?.string,
                let after = file["after"]?.string, let edits = file["edits"]?.array
            else { return nil }
            var read: [Edit] = []
            for edit in edits {
                guard let offset = edit["offset"]?.int, let length = edit["length"]?.int, offset >= 0, length >= 0,
                    offset < 1 << 40, length < 1 << 40, let text = edit["text"]?.string
                else { return nil }
                read.append(Edit(offset: offset, length: length, text: text))
            }
            files.append(File(path: path, before: before, after: after, edits: read))
        }
        guard !files.isEmpty else { return nil }
    }
}
