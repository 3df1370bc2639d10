/// The file that git runs before a commit.
struct HookScript {
    static let name = "pre-commit"
    /// What was there before it, which it runs first.
    static let earlier = "pre-commit.before-gatehouse"
    private static let mark = "# gatehouse hook"
    static let mostBytes = 1 << 20

    /// Absolute: git runs hooks with a path of its own.
    var program: String
    /// Handed on to `gatehouse hook run`.
    var arguments: [String] = []

    var text: String {
        """
        #!/bin/sh
        \(Self.mark): assesses what is staged.
        # Taken away by `gatehouse hook remove`; passed over once by `git commit --no-verify`.
        earlier="$(dirname "$0")/\(Self.earlier)"
        if [ -x "$earlier" ]; then "$earlier" "$@" || exit $?; fi
        program=\(Self.quoted(program))
        if [ ! -x "$program" ]; then
            echo "gatehouse: $program is gone, so nothing was looked at" >&2
            echo '  next: run "gatehouse hook install" again, or "rm" this hook: '"$0" >&2
            exit 1
        fi
        exec "$program" hook run\(arguments.map { " " + Self.quoted($0) }.joined())

        """
    }

    static func isOurs(_ bytes: [UInt8]) -> Bool {
        bytes.split(separator: 0x0A).prefix(3).contains { $0.starts(with: mark.utf8) }
    }

    /// As one word of sh, whatever is in it.
    private static func quoted(_ word: String) -> String {
        "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }
}
