import JSON
import Schema

/// The JSON Schema Test Suite (`tests/draft2020-12`, `tests/draft7`): a case for each test of a group. What a reference
/// may name is in `remotes`, and in `metaschemas`, a folder beside it with the published metaschemas.
struct JSONSchemaSuite: ConformanceSuite {
    let name = "json-schema"

    func cases(_ groups: [ConformanceCase]) throws -> [ConformanceCase] {
        guard let path = groups.first?.place, let end = path.firstRange(of: "/tests/") else { return groups }
        let documents = JSON.object(try documents(in: String(path[..<end.lowerBound])))
        return groups.flatMap { group in
            (group.json["tests"]?.array ?? [[:]]).map { test in
                var json = test
                json["schema"] = group.json["schema"]
                json["documents"] = documents
                let words = "\(group.json["description"]?.string ?? "?"): \(test["description"]?.string ?? "?")"
                return ConformanceCase(place: "\(group.place): \(words)", json: json)
            }
        }
    }

    private func documents(in root: String) throws -> JSONObject {
        var documents = JSONObject()
        for file in try CaseFiles.read("\(root)/remotes") {
            documents["http://localhost:1234\(file.place.dropFirst("\(root)/remotes".utf8.count))"] = file.json
        }
        for file in try CaseFiles.read("\(root)/metaschemas") {
            guard let id = file.json["$id"]?.string else { continue }
            documents[id.hasSuffix("#") ? String(id.dropLast()) : id] = file.json
        }
        return documents
    }

    func failure(of testCase: ConformanceCase) -> String? {
        guard let schema = testCase.json["schema"], let data = testCase.json["data"],
            let isValid = testCase.json["valid"]?.bool
        else { return "not a case of this suite" }
        var options = JSONSchema.Options()
        options.dialect = testCase.place.contains("/draft7/") ? .draft07 : .latest
        options.checksFormats = testCase.place.contains("/optional/format/")
        for (uri, document) in testCase.json["documents"]?.object ?? [:] { options.documents[uri] = document }
        do {
            let violations = try JSONSchema(schema, options: options).validate(data)
            guard violations.isEmpty != isValid else { return nil }
            return violations.first.map { "\($0.path): \($0.message)" } ?? "is accepted"
        } catch {
            return "\(error)"
        }
    }
}
