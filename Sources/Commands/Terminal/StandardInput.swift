import Core
import Dispatch

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

enum StandardInput {
    /// All of it.
    ///
    /// - Parameter limit: bytes; more is refused.
    static func read(limit: Int) throws -> [UInt8] {
        try WholeFile.read(descriptor: STDIN_FILENO, "stdin", limit: limit)
    }

    /// As it comes, until its end. A read that waits holds a thread of its own, and nobody else up.
    static var pieces: AsyncStream<[UInt8]> {
        let queue = DispatchQueue(label: "stdin")
        return AsyncStream {
            await withCheckedContinuation { continuation in
                queue.async { continuation.resume(returning: piece()) }
            }
        }
    }

    /// Nil at the end.
    private static func piece() -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = bytes.withUnsafeMutableBytes { systemRead(STDIN_FILENO, $0.baseAddress, $0.count) }
            if count > 0 { return Array(bytes[..<count]) }
            guard count < 0, errno == EINTR || errno == EAGAIN else { return nil }
        }
    }

    private static func systemRead(_ descriptor: Int32, _ start: UnsafeMutableRawPointer?, _ count: Int) -> Int {
        #if canImport(Glibc)
            Glibc.read(descriptor, start, count)
        #else
            Darwin.read(descriptor, start, count)
        #endif
    }
}
