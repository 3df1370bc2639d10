import Core
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Notices that files below some paths have changed, come or gone, by looking now and then.
final class FileWatcher {
    private struct Stamp: Hashable {
        var seconds: Int
        var nanoseconds: Int
        var size: Int
    }

    private static let pause = Duration.milliseconds(200)
    /// Beyond these nothing is watched, so that a look at a whole disk by mistake does not take forever.
    private static let mostFiles = 20_000

    private let paths: [String]
    private var seen: [String: Stamp]

    init(_ paths: [String]) {
        self.paths = paths
        seen = Self.look(paths)
        Interruption.listen()
    }

    var fileCount: Int { seen.count }

    /// Returns false when the program was interrupted instead.
    func waitForChange() async -> Bool {
        while !Interruption.hasHappened {
            do { try await Task.sleep(for: Self.pause) } catch { return false }
            let now = Self.look(paths)
            if now != seen {
                seen = now
                return true
            }
        }
        return false
    }

    private static func look(_ paths: [String]) -> [String: Stamp] {
        var found: [String: Stamp] = [:]
        var open = paths
        while let path = open.popLast(), found.count < mostFiles {
            var status = stat()
            guard stat(path, &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                open += Folder.entries(path).filter { !$0.hasPrefix(".") }.map { "\(path)/\($0)" }
            } else {
                found[path] = Stamp(
                    seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec, size: Int(status.st_size))
            }
        }
        return found
    }
}

/// ^C, where it is to end a loop rather than the process.
enum Interruption {
    private static let flag = Atomic<Bool>(false)

    static var hasHappened: Bool { flag.load(ordering: .relaxed) }

    static func listen() {
        signal(SIGINT) { number in
            Interruption.flag.store(true, ordering: .relaxed)
            // A second one ends the process at once.
            signal(number, SIG_DFL)
        }
    }
}

enum Processors {
    static var count: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}
