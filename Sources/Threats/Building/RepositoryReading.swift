import Core
import Scan
import Synchronization

/// What a tree declares and what its code says, gathered while an assessment walks it.
struct ReadRepository: Sendable {
    /// By path.
    var code: [String: CodeFacts] = [:]
    var resources: [Resource] = []
    var unchecked: [CouldNotCheck] = []
    /// Files among tests, examples and documentation.
    var leftOut = 0
}

/// Listens in on one assessment: code is taken apart file by file as it is read, so that none of it is kept.
final class RepositoryReading: TreeScanner {
    let id = "threats.reading"
    private let infrastructure = InfrastructureScanner()
    private let gathered = Mutex(ReadRepository())

    /// What was gathered, once the assessment is over.
    var result: ReadRepository { gathered.withLock { $0 } }

    func reads(_ path: String) -> Bool { CodeLanguage(path: path) != nil || infrastructure.reads(path) }

    func keeps(_ file: TreeFile) -> Bool {
        let path = Printable.text(file.path)
        return CodeLanguage(path: path) != nil ? CodeReader.mayMatter(file.bytes) : infrastructure.keeps(file)
    }

    func condensed(_ file: TreeFile) -> [UInt8]? {
        let path = Printable.text(file.path)
        guard CodeLanguage(path: path) != nil else { return nil }
        if FileKinds.isTest(file.path[...]) {
            gathered.withLock { $0.leftOut += 1 }
            return []
        }
        let facts = CodeReader.facts(file.bytes, path: path)
        if !facts.isEmpty { gathered.withLock { $0.code[path] = facts } }
        return []
    }

    func scan(_ files: [TreeFile], limits: AssessmentLimits) async -> TreeOutcome {
        let declaring = files.filter { CodeLanguage(path: Printable.text($0.path)) == nil }
        let meant = declaring.filter { !FileKinds.isTest($0.path[...]) }
        let read = await infrastructure.read(meant)
        gathered.withLock { gathered in
            gathered.resources = read.resources
            gathered.leftOut += declaring.count - meant.count
            gathered.unchecked = read.unchecked
            for (path, facts) in gathered.code where facts.isCutShort {
                let detail = "a text or comment in it never ends, so that its code was not understood to its end"
                gathered.unchecked.append(CouldNotCheck(path: path, reason: .malformed, detail: detail))
            }
        }
        return TreeOutcome(unchecked: [])
    }
}
