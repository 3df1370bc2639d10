/// A limit on what may be spent in a stretch of time, and by whom.
public struct BudgetRule: Sendable, Hashable {
    /// Whose spending counts.
    public enum Subject: Sendable, Hashable {
        case everyone
        case principal(String)
        /// All who have the role.
        case role(String)
        /// All sessions of the class.
        case sessionClass(String)
    }

    public enum Window: String, Sendable, Hashable, CaseIterable {
        /// The clock hour, the day, the month, in UTC.
        case hour, day, month
        /// As long as a session lives.
        case session
        /// The last sixty seconds, whenever asked. Of ``Meter/callsPerMinute`` only.
        case minute
    }

    /// Whether all whose spending counts draw on one sum, or each on their own.
    public enum Share: String, Sendable, Hashable, CaseIterable {
        case together
        case eachPrincipal = "each_principal"
        case eachSession = "each_session"
    }

    /// The same across restarts and reordering, and for a rule with another limit: `role developer: money per day`.
    public let id: String
    public let subject: Subject
    public let meter: Meter
    /// In the meter's unit: millionths of a dollar, tokens, actions.
    public let limit: Int64
    public let window: Window
    public let share: Share

    /// - Parameters:
    ///   - window: `minute` for calls per minute whatever is said.
    ///   - share: `eachSession` for a window of a session whatever is said.
    public init(subject: Subject, meter: Meter, limit: Int64, window: Window, share: Share = .together) {
        self.subject = subject
        self.meter = meter
        self.limit = max(0, limit)
        self.window = meter == .callsPerMinute ? .minute : window
        self.share = self.window == .session ? .eachSession : share
        id = Self.name(subject, meter, self.window, self.share)
    }

    private static func name(_ subject: Subject, _ meter: Meter, _ window: Window, _ share: Share) -> String {
        let who =
            switch subject {
            case .everyone: "everyone"
            case .principal(let id): "principal \(id)"
            case .role(let name): "role \(name)"
            case .sessionClass(let name): "sessions \(name)"
            }
        let what = meter == .callsPerMinute ? "calls per minute" : "\(meter.rawValue) per \(window.rawValue)"
        switch share {
        case .together: return "\(who): \(what)"
        case .eachPrincipal: return "\(who): \(what) and principal"
        case .eachSession: return window == .session ? "\(who): \(what)" : "\(who): \(what) and session"
        }
    }
}
