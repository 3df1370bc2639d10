public import JSON

extension SARIF {
    /// A log as some tool wrote it, taken apart without trusting it: what cannot be used as it stands is among
    /// ``ReadLog/problems`` with its place, and the rest goes on.
    public struct ReadLog: Sendable, Hashable {
        public var runs: [ReadRun] = []
        public var problems: [Problem] = []

        /// Bounds on one log. Traces of data flow make logs long.
        public static let limits = JSON.Limits(bytes: 64 << 20, values: 2_000_000, stringLength: 4 << 20)
        /// Problems that are told one by one; how many more there were is told.
        static let problemsTold = 50

        /// Never fails: a text that is no log is one without runs and with a problem.
        public init(_ bytes: [UInt8]) {
            let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
            let text = bytes.starts(with: mark) ? Array(bytes.dropFirst(mark.count)) : bytes
            do {
                read(try JSON.parse(text, limits: Self.limits))
            } catch {
                problems.append(Problem(place: "", reason: "is no JSON that can be read: \(error)"))
            }
        }

        private mutating func read(_ json: JSON) {
            guard let object = json.object else { return note("", "is no SARIF log: it is no object") }
            guard let version = object["version"]?.string, version == SARIF.version else {
                let found = object["version"].map { String($0.text().prefix(40)) } ?? "missing"
                return note("version", "is \(found), and only \(SARIF.version) is read")
            }
            guard let runs = object["runs"]?.array else {
                return note("runs", "is missing, so that nothing is known of what was looked at")
            }
            if runs.isEmpty { note("runs", "is empty, so that nothing is known of what was looked at") }
            for (index, run) in runs.enumerated() {
                var reader = RunReader(run, place: "runs[\(index)]")
                if let run = reader.read() { self.runs.append(run) }
                problems += reader.problems
            }
            let more = problems.count - Self.problemsTold
            if more > 0 {
                problems.removeLast(more)
                note("", "has \(more) problems more")
            }
        }

        private mutating func note(_ place: String, _ reason: String) {
            problems.append(Problem(place: place, reason: reason))
        }
    }

    /// What is wrong with a log, and where in it: `runs[0].results[3]`; empty for the whole.
    public struct Problem: Sendable, Hashable, CustomStringConvertible {
        public var place: String
        public var reason: String

        public var description: String { place.isEmpty ? reason : "\(place) \(reason)" }
    }

    /// One run of one tool.
    public struct ReadRun: Sendable, Hashable {
        public var tool: String
        public var version: String?
        public var columns: ColumnKind
        public var results: [ReadResult]
        /// Absolute folders that the run knew as the roots of what it looked at, with a slash at their ends.
        public var roots: [String]
        /// What the tool says that it could not do.
        public var notices: [Notice]
        /// False where the tool says that it failed, or the run has no list of results: what is not among them may be there.
        public var isComplete: Bool
    }

    /// How a run counts columns.
    public enum ColumnKind: String, Sendable, Hashable { case utf16CodeUnits, unicodeCodePoints }

    /// An error that the tool met: a file that it could not parse.
    public struct Notice: Sendable, Hashable {
        public var message: String
        public var path: ReadPath?
    }

    /// A result that says that something is wrong.
    public struct ReadResult: Sendable, Hashable {
        /// Where it stands in the log.
        public var place: String
        public var rule: ReadRule
        public var level: Level
        public var message: String?
        /// Nil where the result names no file.
        public var path: ReadPath?
        public var region: ReadRegion?
        /// Weaknesses by their numbers in CWE, of the result and of its rule.
        public var weaknesses: [Int]
        /// Whether a person has still to say if it is one.
        public var needsReview: Bool
        /// Set where the tool's users have accepted it.
        public var suppression: Suppression?
        /// What the tool would know the result by again.
        public var fingerprints: [String: String]
        public var properties: JSONObject
    }

    /// A place in a file, in the run's kind of columns; lines and columns from 1, the end just past the last character.
    /// Offsets, from 0, are there where lines are not.
    public struct ReadRegion: Sendable, Hashable {
        public var startLine: Int?
        public var startColumn: Int?
        public var endLine: Int?
        public var endColumn: Int?
        public var charOffset: Int?
        public var charLength: Int?
        public var byteOffset: Int?
        public var byteLength: Int?
    }
}
