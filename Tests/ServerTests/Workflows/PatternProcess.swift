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

    enum Moment {
        /// Once it has said so many lines.
        case lines(Int)
        /// Once it is about to change something.
        case change
    }

    /// Kills it at a moment, or a little later: in the middle of whatever it does then.
    /// - Parameter delay: microseconds.
    /// - Returns: whether it was killed, and had neither ended by itself nor stood still.
    func killed(at moment: Moment, delay: UInt32) -> Bool {
        var (seen, isThere) = (0, false)
        while !isThere {
            if case .lines(let wanted) = moment, seen == wanted { break }
            guard let line = line() else { break }
            seen += 1
            if case .change = moment { isThere = line == "change" }
        }
        usleep(delay)
        kill(process, SIGKILL)
        let isKilled = status() == nil
        if case .lines(let wanted) = moment { return isKilled && seen == wanted }
        return isKilled && isThere
    }

    /// Nil where it has ended, or says nothing for long.
    private func line() -> String? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while isSaying, read(output, &byte, 1) == 1 {
            if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(byte)
        }
        return nil
    }

    /// Whether it says something within two minutes, or ends.
    private var isSaying: Bool {
        var waited = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
        return poll(&waited, 1, 120_000) > 0
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
