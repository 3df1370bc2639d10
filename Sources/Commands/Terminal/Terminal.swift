import Core
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The two streams: data goes to stdout and nothing else does; everything that is said to a person goes to stderr.
enum Terminal {
    static let isInteractive = isatty(STDERR_FILENO) == 1 && environment("TERM") != "dumb"
    static let showsColor =
        isatty(STDOUT_FILENO) == 1 && environment("NO_COLOR") == nil && environment("TERM") != "dumb"

    /// Columns of the terminal on stdout; 100 where it is none.
    static var width: Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 100 }
        return Int(size.ws_col)
    }

    static func environment(_ name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        return String(cString: value)
    }

    static func data(_ text: String) { write(Array(text.utf8), to: STDOUT_FILENO) }
    static func data(_ bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }

    static func write(toError text: String) { write(Array(text.utf8), to: STDERR_FILENO) }

    static func say(_ line: String) { write(Array((line + "\n").utf8), to: STDERR_FILENO) }

    /// Without ending the line.
    static func prompt(_ text: String) { write(Array(text.utf8), to: STDERR_FILENO) }

    /// Asks a person; no without one.
    static func agrees(_ question: String) -> Bool {
        guard isatty(STDIN_FILENO) == 1, isInteractive else { return false }
        prompt(question)
        return ["y", "yes"].contains((readLine() ?? "").lowercased())
    }

    static func complain(_ error: GatehouseError) {
        say("gatehouse: \(error.message)")
        if let cause = error.cause { say("  because: \(cause)") }
        if let hint = error.hint { say("  next: \(hint)") }
    }

    /// Writes all of it; gives up quietly when the reader has gone.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let written = systemWrite(descriptor, rest.base, rest.count)
                if written < 0 {
                    if errno == EINTR || errno == EAGAIN { continue }
                    return
                }
                rest = rest.dropFirst(written)
            }
        }
    }

    private static func systemWrite(_ descriptor: Int32, _ start: UnsafeRawPointer?, _ count: Int) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, start, count)
        #else
            Darwin.write(descriptor, start, count)
        #endif
    }
}

extension Slice<UnsafeRawBufferPointer> {
    fileprivate var base: UnsafeRawPointer? { UnsafeRawBufferPointer(rebasing: self).baseAddress }
}

enum SignalSetup {
    /// A reader that leaves early (`| head`) must not kill us in the middle of a write elsewhere.
    static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }
}
