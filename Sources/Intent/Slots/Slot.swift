public import Core

/// A part of a text that names something: what it is, what it means, and where it stands.
public struct Slot: Sendable, Hashable {
    public enum Value: Sendable, Hashable {
        /// A name, an id, a path or an address, in the form that the inventory or its specification gives it.
        case text(String)
        /// Of percentages: from 0 to 100 as a rule, and as written.
        case number(Double)
        /// So many of something: pods, replicas, instances.
        case quantity(Double, of: String)
        case duration(Duration)
        case time(TimeReference)
        case severity(Severity)
    }

    public enum Source: String, Sendable, Hashable {
        /// A name or an alias of a gazetteer, but for case and separators.
        case gazetteer
        /// A name of a gazetteer that differs by one letter.
        case fuzzy
        /// A form that is told by itself: a duration, a CVE's id, a path.
        case pattern
        /// No known name, but the words beside it say what it is: `namespace payments`.
        case context
    }

    /// Something else that the same words may mean.
    public struct Alternative: Sendable, Hashable {
        public var name: String
        public var value: String
    }

    /// What kind of thing: a gazetteer's name, or `number`, `percentage`, `quantity`, `duration`, `time`, `severity`,
    /// `cve`, `path`, `url`, `git_ref`, `environment`, or what an id's prefix stands for.
    public var name: String
    public var value: Value
    /// Of the text's UTF-8.
    public var range: Range<Int>
    public var source: Source
    /// From 0 to 1, by rule: 1 for what has but one reading.
    public var confidence: Double
    /// Other gazetteers' names that these words may be, where nothing decided between them.
    public var alternatives: [Alternative] = []
}

extension Slot.Value: CustomStringConvertible {
    /// In one normalised form: `payment-api`, `45`, `5 replicas`, `7200s`, `since monday`, `high`.
    public var description: String {
        switch self {
        case .text(let text): text
        case .number(let number): Self.plain(number)
        case .quantity(let number, let unit): "\(Self.plain(number)) \(unit)"
        case .duration(let duration): "\(Self.plain(Double(duration.microseconds) / 1_000_000))s"
        case .time(let time): time.description
        case .severity(let severity): severity.rawValue
        }
    }

    private static func plain(_ number: Double) -> String {
        number == number.rounded() && abs(number) < 1e15 ? String(Int64(number)) : String(number)
    }
}
