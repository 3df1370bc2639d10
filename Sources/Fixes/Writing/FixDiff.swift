import Formats
import Scan

/// Changes as people see them: unified diffs in which secrets are cut to their first characters.
struct FixDiff: Sendable {
    /// As large as a preview may be, in bytes.
    static let limit = 1 << 20

    private let assessor: Assessor

    init(_ assessor: Assessor) { self.assessor = assessor }

    func text(_ changes: [FileChange]) async -> String {
        var out: [UInt8] = []
        for change in changes {
            let before = await masked(change.before, change.path)
            let after = await masked(change.after, change.path)
            out += UnifiedDiff(from: before, to: after).text(name: change.path)
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// Whether what a change takes out or puts in holds a secret: then it may be kept nowhere.
    func holdsSecrets(_ change: FileChange) async -> Bool {
        let replacements = UnifiedDiff(from: change.before, to: change.after).replacements
        for secret in await secrets(change.before, change.path) {
            if replacements.contains(where: { $0.old.overlaps(secret) }) { return true }
        }
        for secret in await secrets(change.after, change.path) {
            if replacements.contains(where: { $0.new.overlaps(secret) }) { return true }
        }
        return false
    }

    private func masked(_ bytes: [UInt8], _ path: String) async -> [UInt8] {
        var out = bytes
        for secret in await secrets(bytes, path) {
            let shown = min(4, secret.count / 4)
            for index in secret.dropFirst(shown) where out[index] != 0x0A && out[index] != 0x0D {
                out[index] = UInt8(ascii: "*")
            }
        }
        return out
    }

    /// A pattern may end before the secret does: the rest of the word belongs to it.
    private func secrets(_ bytes: [UInt8], _ path: String) async -> [Range<Int>] {
        let text = SourceText(bytes)
        let file = TreeFile(path: Array(path.utf8), bytes: bytes)
        return await assessor.examine([file], by: "scan.secrets").findings.compactMap { finding in
            guard let start = text.offset(of: finding.start), var end = text.offset(of: finding.end), start < end else {
                return nil
            }
            while end < bytes.count, Self.isWord(bytes[end]) { end += 1 }
            return start..<end
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || "_-+/=".utf8.contains(byte)
    }
}
