import Formats
import JSON

/// purl-spec's cases (`types/*-test.json`): parse, build, and a text made canonical.
struct PURLSuite: ConformanceSuite {
    let name = "purl"

    func cases(_ found: [ConformanceCase]) -> [ConformanceCase] {
        found.flatMap { file in
            (file.json["tests"]?.array ?? [file.json]).enumerated().map {
                ConformanceCase(place: "\(file.place)[\($0)]", json: $1)
            }
        }
    }

    func failure(of testCase: ConformanceCase) -> String? {
        let json = testCase.json
        guard let kind = json["test_type"]?.string, let input = json["input"] else { return "not a case of this suite" }
        let wanted = json["expected_output"] ?? .null
        let mayFail = json["expected_failure"]?.bool ?? false
        do {
            let purl = try input.string.map { try PURL($0, foldingKeys: kind != "parse") } ?? Self.built(input)
            if mayFail { return "\(input): accepted as \(purl)" }
            let found: JSON = kind == "parse" ? Self.parts(purl) : .string(purl.description)
            return Self.same(found, wanted) ? nil : "\(kind) \(input): \(found), wanted \(wanted)"
        } catch {
            return mayFail ? nil : "\(kind) \(input): \(error)"
        }
    }

    private static func built(_ json: JSON) throws -> PURL {
        let pairs = json["qualifiers"]?.object.map { object in
            object.keys.map { ($0, object[$0]?.string ?? "") }
        }
        return try PURL(
            type: json["type"]?.string ?? "", namespace: json["namespace"]?.string, name: json["name"]?.string ?? "",
            version: json["version"]?.string, qualifiers: Dictionary(pairs ?? []) { first, _ in first },
            subpath: json["subpath"]?.string)
    }

    private static func parts(_ purl: PURL) -> JSON {
        func text(_ value: String?) -> JSON { value.map { .string($0) } ?? .null }
        let qualifiers = JSONObject(purl.qualifiers.map { ($0.key, .string($0.value)) })
        return [
            "type": .string(purl.type), "namespace": text(purl.namespace), "name": .string(purl.name),
            "version": text(purl.version), "qualifiers": .object(qualifiers), "subpath": text(purl.subpath),
        ]
    }

    /// Null is the same as absent and as no qualifiers.
    private static func same(_ found: JSON, _ wanted: JSON) -> Bool {
        guard let one = found.object, let other = wanted.object else { return found == wanted }
        return Set(one.keys).union(other.keys).allSatisfy { key in
            let (left, right) = (one[key] ?? .null, other[key] ?? .null)
            return left == right || (isNothing(left) && isNothing(right))
        }
    }

    private static func isNothing(_ json: JSON) -> Bool { json.isNull || json.object?.keys.isEmpty == true }
}
