import Core
package import Gate
import JSON
package import Privacy

/// The gate's inspector for credentials, by the same rules that assessments use.
///
/// What is found labels the session. It is taken out of everything that passes, except of the answer to a `reveal`, whose purpose it is.
package struct SecretInspector: Inspector {
    package let id = "privacy.secrets"
    private let detector: SecretDetector

    package init(_ detector: SecretDetector) { self.detector = detector }

    /// - Throws: `denied` when a part could not be judged: what is not inspected does not pass.
    package func inspect(_ subject: InspectionSubject) async throws -> InspectionResult {
        let texts = InspectedTexts(of: subject.value)
        let findings = try detector.detect(in: texts.bytes, path: nil)
        if let unjudged = findings.couldNotCheck.first {
            throw GatehouseError("privacy", .denied, "a part could not be judged: \(unjudged.reason.rawValue)")
        }
        let matches = findings.matches.filter { $0.isToBeKeptBack && !$0.secret.isEmpty }
        var result = InspectionResult()
        guard !matches.isEmpty else { return result }
        result.labels = [.secret]
        let isMeant = subject.direction == .answer && subject.effect == .reveal
        if !isMeant {
            result.rewritten = texts.rewriting(
                subject.value, matches.map { (range: $0.secret, mark: Array("[\($0.rule.id)]".utf8)) })
        }
        return result
    }
}

/// All texts of a value, decoded, one after another as a detector reads them: `key = "text"` where a text has a key, since
/// what a thing is called says much about what it is.
struct InspectedTexts {
    private(set) var bytes: [UInt8] = []
    /// Where each text lies in ``bytes``, keys included, in the value's own order.
    private var places: [Range<Int>] = []

    init(of value: JSON) { add(value) }

    private mutating func add(_ value: JSON) {
        switch value {
        case .string(let text):
            add(text)
            bytes.append(UInt8(ascii: "\n"))
        case .array(let elements):
            for element in elements { add(element) }
        case .object(let members):
            for (key, member) in members { add(key, member) }
        case .null, .bool, .number: break
        }
    }

    private mutating func add(_ key: String, _ member: JSON) {
        add(key)
        guard case .string(let text) = member else {
            bytes.append(UInt8(ascii: "\n"))
            return add(member)
        }
        bytes += " = \"".utf8
        add(text)
        bytes += "\"\n".utf8
    }

    private mutating func add(_ text: String) {
        let start = bytes.count
        bytes += text.utf8
        places.append(start..<bytes.count)
    }

    /// The value with each marked range replaced. A range that spans several texts is taken out of each of them.
    /// - Parameter marks: in ascending order, without overlaps, as a detector gives them.
    func rewriting(_ value: JSON, _ marks: [(range: Range<Int>, mark: [UInt8])]) -> JSON {
        var next = 0
        return rewriting(value, marks, &next)
    }

    private func rewriting(_ value: JSON, _ marks: [(range: Range<Int>, mark: [UInt8])], _ next: inout Int) -> JSON {
        switch value {
        case .string(let text): return .string(rewriting(text, marks, &next))
        case .array(let elements): return .array(elements.map { rewriting($0, marks, &next) })
        case .object(let members):
            var out = JSONObject()
            for (key, member) in members {
                let key = rewriting(key, marks, &next)
                out[key] = rewriting(member, marks, &next)
            }
            return .object(out)
        case .null, .bool, .number: return value
        }
    }

    private func rewriting(_ text: String, _ marks: [(range: Range<Int>, mark: [UInt8])], _ next: inout Int) -> String {
        let place = places[next]
        next += 1
        let inside = marks.filter { $0.range.overlaps(place) }
        guard !inside.isEmpty else { return text }
        var out: [UInt8] = []
        var position = place.lowerBound
        for (range, mark) in inside {
            out += bytes[position..<max(position, range.lowerBound)]
            out += mark
            position = max(position, min(range.upperBound, place.upperBound))
        }
        out += bytes[position..<place.upperBound]
        return String(decoding: out, as: UTF8.self)
    }
}
