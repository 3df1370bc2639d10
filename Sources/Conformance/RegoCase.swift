import Core
import JSON
import Rego

/// What a case of OPA's compliance suite says about input, data and the wanted outcome.
struct RegoCase {
    var json: JSON
    /// Whether evaluations are traced and their coverage counted.
    var isObserved = false

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// Why the query's outcome is not what is wanted; nil when it is.
    ///
    /// - Parameter wanted: an array of answers, or null where an error is wanted.
    func failure(wanting wanted: JSON, of query: () throws(Failure) -> PreparedQuery) -> String? {
        let wantsError = wanted.isNull && (json["want_error"] != nil || json["want_error_code"] != nil)
        do {
            let query = try query()
            var options = EvaluationOptions()
            if isObserved {
                options.tracer = Tracer(.full)
                options.coverage = CoverageCounter()
            }
            options.isStrict = json["strict_error"]?.bool == true && wantsError
            let results = try query.evaluate(input: try input(), data: data, options: options)
            if wantsError { return "an error is wanted (\(wantedError)), but the result is \(results.values)" }
            return mismatch(results, wanted)
        } catch let error as EvaluationError {
            return wantsError ? mismatch(error) : "\(error)"
        } catch {
            return "\(error)"
        }
    }

    private var data: RegoValue { json["data"].map { RegoValue($0) } ?? .object(RegoObject()) }

    private func input() throws(Failure) -> RegoValue? {
        if let input = json["input"] { return RegoValue(input) }
        guard let term = json["input_term"]?.string else { return nil }
        guard let value = RegoValue(term: term) else {
            throw Failure(description: "the input term cannot be read: \(term)")
        }
        return value
    }

    private var wantedError: String { "\(json["want_error_code"]?.string ?? "") \(json["want_error"]?.string ?? "")" }

    private func mismatch(_ error: EvaluationError) -> String? {
        if let code = json["want_error_code"]?.string, code != error.code.rawValue {
            return "the error code is \(error.code.rawValue) (\(error.message)), not \(code)"
        }
        var withoutColumn = error
        if let place = error.place, let colon = place.lastIndex(of: ":") {
            withoutColumn.place = String(place[..<colon])
        }
        if let message = json["want_error"]?.string, !"\(error)".utf8Contains(message),
            !Self.inTheirWords(error).utf8Contains(message)
        {
            return "the error is \"\(error)\", not \"\(message)\""
        }
        return nil
    }

    /// The error as OPA prints it: no columns, and the compliance suite's own names of modules.
    private static func inTheirWords(_ error: EvaluationError) -> String {
        var place = error.place ?? ""
        if let colon = place.lastIndex(of: ":") { place = String(place[..<colon]) }
        if place.hasPrefix("module-") { place = "test-" + place.dropFirst("module-".count) }
        return "\(place): \(error.code.rawValue): \(error.message)"
    }

    /// Answers are a set; sets within them come as arrays whose order says nothing.
    private func mismatch(_ results: ResultSet, _ wanted: JSON) -> String? {
        let got = RegoValue(RegoValue.set(results.values).json)
        let expected = RegoSet((wanted.array ?? []).map { RegoValue($0) })
        guard let answers = got.array, RegoSet(answers) != expected else { return nil }
        if Self.sorted(.array(answers)) == Self.sorted(.array(RegoArray(expected)))
            && json["sort_bindings"]?.bool == true
        {
            return nil
        }
        return "the result is \(got), not \(RegoValue.array(RegoArray(expected)))"
    }

    /// The value with every array within it in ascending order.
    private static func sorted(_ value: RegoValue) -> RegoValue {
        switch value {
        case .array(let array): .array(RegoArray(array.map { sorted($0) }.sorted()))
        case .object(let object): .object(RegoObject(object.lazy.map { ($0.key, sorted($0.value)) }))
        default: value
        }
    }
}

extension String {
    func utf8Contains(_ other: String) -> Bool {
        let (whole, part) = (Array(utf8), Array(other.utf8))
        guard part.count <= whole.count else { return false }
        return (0...(whole.count - part.count)).contains { whole[$0..<($0 + part.count)].elementsEqual(part) }
    }
}
