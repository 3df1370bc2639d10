import Ledger
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A process of `PatternProbe`, a house that runs a pattern until it is killed.
struct PatternProcess {
    private let process: pid_t
    private let output: CInt

    struct Odd: Error {
        let what: String
    }

    init(_ folder: String, _ workflow: String, finishes: Bool = false) throws {
        let program = try Self.program()
        var ends: [CInt] = [0, 0]
        guard pipe(&ends) == 0 else { throw Odd(what: "no pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let arguments: [String] = [program, folder, workflow] + (finishes ? ["finish"] : [])
        var pointers = arguments.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var process = pid_t()
        let failed = posix_spawn(&process, program, &actions, nil, &pointers, environ)
        close(ends[1])
        guard failed == 0 else { throw Odd(what: "cannot start \(program)") }
        self.process = process
        output = ends[0]
    }

    /// It stands in the same folder as the tests' own program.
    private static func program() throws -> String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { throw Odd(what: "no path of this program") }
        let here = String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
        return here[..<(here.lastIndex(of: "/") ?? here.startIndex)] + "/PatternProbe"
    }

    /// Kills it once it has said so many lines, and perhaps a moment after: in the middle of whatever it does then.
    /// - Parameter delay: microseconds.
    /// - Returns: whether it was killed, and had not ended by itself.
    func killed(after lines: Int, delay: UInt32) -> Bool {
        var seen = 0
        var byte: UInt8 = 0
        while seen < lines, read(output, &byte, 1) == 1 { if byte == UInt8(ascii: "\n") { seen += 1 } }
        usleep(delay)
        kill(process, SIGKILL)
        return status() == nil
    }

    /// The status that it ended with by itself; nil where a signal ended it.
    func status() -> CInt? {
        var chunk = [UInt8](repeating: 0, count: 4096)
        while read(output, &chunk, chunk.count) > 0 {}
        close(output)
        var status: CInt = 0
        waitpid(process, &status, 0)
        return status & 0x7f == 0 ? status >> 8 & 0xff : nil
    }
}
