import JSON

extension SARIF {
    /// Reads one run of a log.
    struct RunReader {
        private(set) var problems: [Problem] = []
        private let run: JSON
        private let place: String
        private let paths: PathResolver
        private let rules: RuleTable
        private var isComplete = true

        private static let greatestMessage = 2_000
        private static let noticesRead = 1_000

        init(_ run: JSON, place: String) {
            self.run = run
            self.place = place
            paths = PathResolver(run)
            rules = RuleTable(run["tool"] ?? .null)
        }

        /// Nil where the run has no tool: nothing it says could be told apart from others.
        mutating func read() -> ReadRun? {
            let driver = run["tool"]?["driver"]
            guard let name = driver?["name"]?.string, !name.isEmpty else {
                note("tool.driver.name", "is missing, so that nobody knows whose results these are")
                return nil
            }
            let notices = readInvocations()
            let results = readResults()
            return ReadRun(
                tool: name, version: driver?["semanticVersion"]?.string ?? driver?["version"]?.string,
                columns: run["columnKind"]?.string.flatMap(ColumnKind.init) ?? .utf16CodeUnits, results: results,
                roots: paths.roots, notices: notices, isComplete: isComplete)
        }

        private mutating func note(_ member: String, _ reason: String) {
            problems.append(Problem(place: "\(place).\(member)", reason: reason))
        }

        // MARK: - How the run went

        private mutating func readInvocations() -> [Notice] {
            var notices: [Notice] = []
            for (index, invocation) in (run["invocations"]?.array ?? []).enumerated() {
                if invocation["executionSuccessful"]?.bool == false {
                    isComplete = false
                    let words = invocation["exitCodeDescription"]?.string ?? invocation["exitSignalName"]?.string
                    let code = invocation["exitCode"]?.int.map { "exit code \($0)" }
                    let why = [code, words.map { String($0.prefix(200)) }].compactMap(\.self).joined(separator: ", ")
                    note("invocations[\(index)]", "says that the tool failed\(why.isEmpty ? "" : " (\(why))")")
                }
                for member in ["toolExecutionNotifications", "toolConfigurationNotifications"] {
                    for notification in invocation[member]?.array ?? []
                    where notification["level"]?.string == "error" && notices.count < Self.noticesRead {
                        notices.append(notice(notification))
                    }
                }
            }
            return notices
        }

        private func notice(_ json: JSON) -> Notice {
            let location = json["locations"]?[0]?["physicalLocation"]?["artifactLocation"]
            return Notice(
                message: String((json["message"]?["text"]?.string ?? "an error").prefix(Self.greatestMessage)),
                path: location.flatMap { try? paths.path($0) })
        }

        // MARK: - Results

        private mutating func readResults() -> [ReadResult] {
            if let elsewhere = run["externalPropertyFileReferences"]?["results"]?.array, !elsewhere.isEmpty {
                isComplete = false
                note("externalPropertyFileReferences", "has results in other files, which are not read")
            }
            guard let list = run["results"]?.array else {
                isComplete = false
                note("results", "is missing: the tool did not get to look, or does not say what it found")
                return []
            }
            var results: [ReadResult] = []
            for (index, json) in list.enumerated() where isFlaw(json) {
                let place = "results[\(index)]"
                guard json.object != nil else {
                    note(place, "is no object")
                    continue
                }
                results.append(result(json, place))
            }
            return results
        }

        /// What passed, does not apply or was only for information is none, and neither is what is there no more.
        private func isFlaw(_ json: JSON) -> Bool {
            let kind = json["kind"]?.string ?? "fail"
            return !["pass", "notApplicable", "informational"].contains(kind)
                && json["baselineState"]?.string != "absent"
        }

        private mutating func result(_ json: JSON, _ place: String) -> ReadResult {
            let (rule, messages) = rules.rule(of: json)
            let physical = json["locations"]?[0]?["physicalLocation"]
            var path: ReadPath?
            do throws(PathError) {
                if let location = physical?["artifactLocation"] { path = try paths.path(location) }
            } catch {
                note(place, "(\(rule.id.prefix(80))) \(error.reason)")
                path = ReadPath()
            }
            let properties = json["properties"]?.object ?? [:]
            let own = Weaknesses.numbers(
                tags: (properties["tags"]?.array ?? []).prefix(100).compactMap(\.string),
                references: Array((json["taxa"]?.array ?? []).prefix(100)))
            return ReadResult(
                place: "\(self.place).\(place)", rule: rule, level: level(json, rule),
                message: message(json["message"], messages), path: path, region: region(physical?["region"]),
                weaknesses: own + rule.weaknesses.filter { !own.contains($0) },
                needsReview: ["review", "open"].contains(json["kind"]?.string ?? "fail"),
                suppression: suppression(json), fingerprints: fingerprints(json), properties: properties)
        }

        private func level(_ json: JSON, _ rule: ReadRule) -> Level {
            if let own = json["level"]?.string.flatMap(Level.init) { return own }
            if let kind = json["kind"]?.string, kind != "fail" { return .none }
            return override(json, rule) ?? rule.level ?? .warning
        }

        /// What whoever ran the tool set for the rule.
        private func override(_ json: JSON, _ rule: ReadRule) -> Level? {
            let invocations = run["invocations"]?.array ?? []
            let index = json["provenance"]?["invocationIndex"]?.int ?? 0
            guard invocations.indices.contains(index) else { return nil }
            let overrides = (invocations[index]["ruleConfigurationOverrides"]?.array ?? []).prefix(1000)
            return overrides.first { $0["descriptor"]?["id"]?.string == rule.id }
                .flatMap { $0["configuration"]?["level"]?.string.flatMap(Level.init) }
        }

        private func region(_ json: JSON?) -> ReadRegion? {
            guard let json else { return nil }
            func number(_ member: String, from least: Int) -> Int? {
                json[member]?.int.flatMap { $0 >= least && $0 <= 1 << 32 ? $0 : nil }
            }
            return ReadRegion(
                startLine: number("startLine", from: 1), startColumn: number("startColumn", from: 1),
                endLine: number("endLine", from: 1), endColumn: number("endColumn", from: 1),
                charOffset: number("charOffset", from: 0), charLength: number("charLength", from: 0),
                byteOffset: number("byteOffset", from: 0), byteLength: number("byteLength", from: 0))
        }

        /// Accepted where one suppression is, and none is under review or rejected (3.27.23).
        private func suppression(_ json: JSON) -> Suppression? {
            let all = json["suppressions"]?.array ?? []
            guard let first = all.first, all.allSatisfy({ ($0["status"]?.string ?? "accepted") == "accepted" }) else {
                return nil
            }
            return Suppression(
                kind: first["kind"]?.string == "inSource" ? .inSource : .external,
                justification: first["justification"]?.string.map { String($0.prefix(500)) })
        }

        private func fingerprints(_ json: JSON) -> [String: String] {
            var found: [String: String] = [:]
            for member in ["partialFingerprints", "fingerprints"] {
                for (key, value) in json[member]?.object ?? [:] where found.count < 20 {
                    if let text = value.string, text.utf8.count <= 512, key.utf8.count <= 128 { found[key] = text }
                }
            }
            return found
        }

        // MARK: - Messages

        private func message(_ json: JSON?, _ tables: [JSONObject]) -> String? {
            guard let json else { return nil }
            var text = json["text"]?.string
            if text == nil, let id = json["id"]?.string {
                text = tables.lazy.compactMap { $0[id]?["text"]?.string }.first
            }
            guard let text else { return nil }
            let arguments = (json["arguments"]?.array ?? []).map { $0.string ?? "" }
            return MessageText.plain(String(text.prefix(Self.greatestMessage)), arguments, limit: Self.greatestMessage)
        }
    }

    /// A message's text with its placeholders filled and its links as plain words (3.11).
    enum MessageText {
        static func plain(_ text: String, _ arguments: [String], limit: Int) -> String {
            var out: [UInt8] = []
            let bytes = Array(text.utf8)
            var position = 0
            while position < bytes.count, out.count < limit {
                if let (end, index) = placeholder(bytes, position), arguments.indices.contains(index) {
                    out += arguments[index].utf8.prefix(limit)
                    position = end
                } else if let (words, end) = link(bytes, position) {
                    out += words
                    position = end
                } else {
                    out.append(bytes[position])
                    position += 1
                }
            }
            return String(decoding: out, as: UTF8.self)
        }

        private static func placeholder(_ bytes: [UInt8], _ start: Int) -> (end: Int, index: Int)? {
            guard bytes[start] == UInt8(ascii: "{") else { return nil }
            let digits = bytes[(start + 1)...].prefix { (0x30...0x39).contains($0) }
            guard (1...3).contains(digits.count), digits.endIndex < bytes.count,
                bytes[digits.endIndex] == UInt8(ascii: "}"), let index = Int(String(decoding: digits, as: UTF8.self))
            else { return nil }
            return (digits.endIndex + 1, index)
        }

        /// `[words](where)`, without nesting; both parts are short.
        private static func link(_ bytes: [UInt8], _ start: Int) -> (words: ArraySlice<UInt8>, end: Int)? {
            guard bytes[start] == UInt8(ascii: "[") else { return nil }
            let words = bytes[(start + 1)...].prefix(200).prefix { $0 != UInt8(ascii: "]") && $0 != UInt8(ascii: "[") }
            let close = words.endIndex
            guard close + 1 < bytes.count, bytes[close] == UInt8(ascii: "]"), bytes[close + 1] == UInt8(ascii: "(")
            else { return nil }
            let target = bytes[(close + 2)...].prefix(200).prefix { $0 != UInt8(ascii: ")") }
            guard target.endIndex < bytes.count, bytes[target.endIndex] == UInt8(ascii: ")") else { return nil }
            return (words, target.endIndex + 1)
        }
    }
}
