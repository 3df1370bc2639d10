internal import Core
public import JSON
internal import Rego

extension PolicyTestReport {
    /// The report of `opa test --format=json`.
    public var json: JSON { .array(results.map(\.json)) }
}

extension PolicyTestResult {
    /// `{"location": {"file": "app_test.rego", "row": 3, "col": 1}, "package": "data.app_test", "name": "test_allow",
    /// "fail": true, "duration": 51000}`, with `error`, `skip`, `output` (Base64), `sub_results`, `failed_at` and `trace`
    /// where there is such. The duration is in nanoseconds.
    public var json: JSON {
        var object: JSONObject = [
            "location": ["file": JSON(test.file), "row": JSON(test.row), "col": JSON(test.column)],
            "package": JSON(PolicyTest.reference(["data"] + test.package)), "name": JSON(test.name),
        ]
        switch outcome {
        case .passed: break
        case .failed: object["fail"] = true
        case .skipped: object["skip"] = true
        case .error(let error): object["error"] = Self.json(error)
        }
        object["duration"] = JSON(duration.nanoseconds)
        if !output.isEmpty {
            object["output"] = JSON(Base64.encode(Array(output.map { $0 + "\n" }.joined().utf8)))
        }
        if !cases.isEmpty { object["sub_results"] = Self.json(cases) }
        if let failure { object["failed_at"] = Self.json(failure) }
        if let trace { object["trace"] = trace.json }
        return .object(object)
    }

    private static func json(_ error: EvaluationError) -> JSON {
        var object: JSONObject = ["code": JSON(error.code.rawValue), "message": JSON(error.message)]
        if let place = error.place { object["location"] = JSON(place) }
        return .object(object)
    }

    private static func json(_ failure: Failure) -> JSON {
        [
            "text": JSON(failure.text),
            "location": ["file": JSON(failure.file), "row": JSON(failure.row), "col": JSON(failure.column)],
        ]
    }

    private static func json(_ cases: [Case]) -> JSON {
        var object: JSONObject = [:]
        for item in cases {
            var value: JSONObject = [:]
            if !item.hasPassed { value["fail"] = true }
            if !item.cases.isEmpty { value["sub_results"] = json(item.cases) }
            object[item.key.jsonKey] = .object(value)
        }
        return .object(object)
    }
}

extension Duration {
    var nanoseconds: Int {
        let (seconds, attoseconds) = components
        return Int(clamping: seconds).multipliedReportingOverflow(by: 1_000_000_000).partialValue
            + Int(attoseconds / 1_000_000_000)
    }
}
