import ArgumentParser
import Core
import JSON
import Policy
import Rego

/// Tells what is wrong with a policy or its evaluation: in words with the place on stderr, and for machines on stdout.
enum PolicyProblems {
    /// Runs some work; errors of policies end the command.
    ///
    /// - Parameter json: whether they are printed as OPA does: `{"errors": [{"message": "…", "code": "rego_parse_error",
    ///   "location": {"file": "app.rego", "row": 3, "col": 5}}]}`
    static func reporting<T>(json: Bool, as status: ExitStatus = .usage, _ work: () async throws -> T) async throws -> T
    {
        do {
            return try await work()
        } catch let errors as RegoErrors {
            report(errors, json: json)
        } catch let error as EvaluationError {
            Terminal.say(Plain.text(error.description))
            if json { print([self.json(error)]) }
        }
        throw status.code
    }

    static func report(_ errors: RegoErrors, json: Bool) {
        Terminal.say(Plain.text(errors.description))
        let count = errors.errors.count
        Terminal.say(count == 1 ? "1 error" : "\(count) errors")
        if json { print(errors.errors.map(self.json)) }
    }

    static func print(_ errors: [JSON]) {
        Terminal.data((["errors": .array(errors)] as JSON).text(pretty: true) + "\n")
    }

    static func json(_ error: RegoError) -> JSON {
        [
            "message": .string(error.message), "code": .string(error.code.rawValue),
            "location": ["file": .string(error.file), "row": JSON(error.row), "col": JSON(error.column)],
        ]
    }

    private static func json(_ error: EvaluationError) -> JSON {
        var object: JSONObject = ["message": .string(error.message), "code": .string(error.code.rawValue)]
        if let place = error.place { object["location"] = location(place) }
        return .object(object)
    }

    /// `a:b.rego:12:3`, read from its end.
    private static func location(_ place: String) -> JSON {
        let parts = place.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count > 2, let row = Int(parts[parts.count - 2]), let column = Int(parts[parts.count - 1]) else {
            return ["file": .string(place)]
        }
        return [
            "file": .string(parts.dropLast(2).joined(separator: ":")), "row": JSON(row), "col": JSON(column),
        ]
    }
}
