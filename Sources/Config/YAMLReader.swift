import Core
import Yams

/// YAML, and JSON as a part of it, into a ``RawNode``. Only structure is taken from Yams: tags are refused and scalars
/// keep their text, so that nothing is a date, an octal number or a boolean by accident.
package struct YAMLReader {
    private let file: String
    private let limits: ConfigLimits
    private var nodes = 0
    private var problems: Problems

    /// - Returns: nil for an empty document and after an error, which is then in `problems`.
    package static func read(
        _ bytes: [UInt8], file: String, limits: ConfigLimits, problems: inout Problems
    ) -> RawNode? {
        var reader = YAMLReader(file: file, limits: limits, problems: problems)
        let before = problems.count
        let node = reader.document(bytes)
        problems = reader.problems
        return problems.count == before ? node : nil
    }

    private init(file: String, limits: ConfigLimits, problems: Problems) {
        self.file = file
        self.limits = limits
        self.problems = problems
    }

    private mutating func document(_ bytes: [UInt8]) -> RawNode? {
        guard let text = checkedText(bytes) else { return nil }
        do {
            let parser = try Parser(yaml: text, resolver: .basic, constructor: .default, encoding: .utf8)
            return try parser.singleRoot().flatMap { convert($0, "", depth: 0) }
        } catch {
            report(YAMLProblem(error))
        }
        return nil
    }

    private mutating func checkedText(_ bytes: [UInt8]) -> String? {
        guard bytes.count <= limits.fileBytes else {
            fail(ConfigPlace(file: file), "", "the file is larger than \(limits.fileBytes) bytes")
            return nil
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let valid = validPrefix(bytes)
            let line = 1 + valid.count { $0 == 0x0a }
            let column = 1 + valid.reversed().prefix { $0 != 0x0a }.count
            let place = ConfigPlace(file: file, line: line, column: column)
            fail(place, "", "is not valid UTF-8", hint: "save the file as UTF-8")
            return nil
        }
        if let place = YAMLShape.unboundedNesting(bytes, depth: limits.depth, file: file) {
            fail(place, "", "is nested too deeply", hint: "at most \(limits.depth) levels are read")
            return nil
        }
        guard YAMLShape.isSafeToCompose(bytes) else {
            fail(
                ConfigPlace(file: file), "", "has many aliases together with keys that are not plain text",
                hint: "write the values out")
            return nil
        }
        return text
    }

    private func validPrefix(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        var low = 0
        for index in bytes.indices where bytes[index] < 0x80 {
            if String(validating: bytes[low...index], as: UTF8.self) == nil { break }
            low = index + 1
        }
        return bytes[..<low]
    }

    private mutating func convert(_ node: Node, _ path: String, depth: Int) -> RawNode? {
        let place = self.place(node.mark)
        nodes += 1
        guard nodes <= limits.nodes else {
            if nodes == limits.nodes + 1 {
                fail(place, path, "the document holds more than \(limits.nodes) values once its aliases are followed")
            }
            return nil
        }
        guard depth <= limits.depth else {
            fail(place, path, "is nested too deeply", hint: "at most \(limits.depth) levels are read")
            return nil
        }
        switch node {
        case .scalar(let scalar): return convert(scalar, place, path)
        case .sequence(let sequence):
            guard accepts(sequence.tag, ["tag:yaml.org,2002:seq"], place, path) else { return nil }
            var elements: [RawNode] = []
            for (index, element) in sequence.enumerated() {
                guard nodes <= limits.nodes else { return nil }
                if let element = convert(element, "\(path)[\(index)]", depth: depth + 1) { elements.append(element) }
            }
            return .list(elements, place)
        case .mapping(let mapping): return convert(mapping, place, path, depth)
        case .alias:
            fail(place, path, "the alias leads nowhere")
            return nil
        }
    }

    private mutating func convert(_ scalar: Node.Scalar, _ place: ConfigPlace, _ path: String) -> RawNode? {
        guard accepts(scalar.tag, YAMLReader.scalarTags, place, path) else { return nil }
        guard scalar.string.utf8.count <= limits.scalarBytes else {
            fail(place, path, "is longer than \(limits.scalarBytes) bytes")
            return nil
        }
        return .scalar(RawNode.Scalar(text: scalar.string, isPlain: scalar.style == .plain, place: place))
    }

    private mutating func convert(_ mapping: Node.Mapping, _ place: ConfigPlace, _ path: String, _ depth: Int)
        -> RawNode?
    {
        guard accepts(mapping.tag, ["tag:yaml.org,2002:map"], place, path) else { return nil }
        var members: [RawNode.Member] = []
        var seen: Set<String> = []
        for (key, value) in mapping {
            guard nodes <= limits.nodes else { return nil }
            let keyPlace = self.place(key.mark)
            guard case .scalar(let name) = key else {
                fail(keyPlace, path, "a key must be plain text, not a list or a mapping")
                continue
            }
            if name.string == "<<", name.style == .plain {
                fail(keyPlace, path, "merge keys (<<) are not supported", hint: "write the values out")
                continue
            }
            guard seen.insert(name.string).inserted else {
                fail(keyPlace, path.appendingKey(name.string), "the key occurs twice")
                continue
            }
            if let value = convert(value, path.appendingKey(name.string), depth: depth + 1) {
                members.append(RawNode.Member(key: name.string, place: keyPlace, value: value))
            }
        }
        return .map(members, place)
    }

    private static let scalarTags: Set<String> = [
        "tag:yaml.org,2002:str", "tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool",
        "tag:yaml.org,2002:null",
    ]

    private mutating func accepts(_ tag: Tag, _ allowed: Set<String>, _ place: ConfigPlace, _ path: String) -> Bool {
        let name = tag.rawValue
        if name.isEmpty || name == "!" || allowed.contains(name) { return true }
        fail(place, path, "the tag \"\(name.prefix(64))\" is not supported", hint: "remove it")
        return false
    }

    private func place(_ mark: Mark?) -> ConfigPlace {
        ConfigPlace(file: file, line: mark?.line ?? 0, column: mark?.column ?? 0)
    }

    private mutating func fail(_ place: ConfigPlace, _ path: String, _ message: String, hint: String? = nil) {
        problems.error(place, path, message, hint: hint)
    }

    private mutating func report(_ problem: YAMLProblem) {
        let place = ConfigPlace(file: file, line: problem.line, column: problem.column)
        fail(place, problem.repeatedKey ?? "", problem.reason, hint: YAMLReader.hint(for: problem.reason))
    }

    private static func hint(for problem: String) -> String? {
        switch problem {
        case "found character that cannot start any token":
            "indent with spaces, not tabs, and quote text that starts with @, ` or %"
        case "mapping values are not allowed in this context":
            "quote text that contains \": \", and check the indentation above"
        case "but found another document": "keep one document in the file"
        case "did not find expected key", "did not find expected '-' indicator":
            "check the indentation of this line and the one above"
        case "did not find expected ',' or '}'", "did not find expected ',' or ']'":
            "between { } or [ ], quote text that holds braces or commas: \"${NAME}\""
        case "could not find expected ':'": "a key needs a colon and a space after it"
        default: nil
        }
    }
}

extension String {
    package func appendingKey(_ key: String) -> String { isEmpty ? key : "\(self).\(key)" }
}
