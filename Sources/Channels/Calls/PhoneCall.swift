import Core

/// A call, from its first ring to its end: a value that takes what Twilio tells and says what is answered. It does nothing
/// itself.
struct PhoneCall: Sendable, Hashable {
    enum Stage: String, Sendable, Hashable {
        /// A pin is waited for.
        case pin
        /// Whoever calls is believed, and speaks.
        case listening
        /// What was spoken is worked on.
        case working
        case over
    }

    /// What Twilio tells at a step.
    enum Event: Sendable, Hashable {
        case rightPin, wrongPin
        /// The number was closed: not even the right pin counts.
        case closed
        /// Something was spoken, which is this row of the inbox.
        case spoke(row: String)
        case silence
        /// It asks again, as it was told to.
        case waited
        case hungUp
    }

    /// What is answered.
    enum Turn: Sendable, Hashable {
        case asksForPin(String)
        case listens(String)
        /// Nothing yet: something is worked on.
        case works(row: String)
        /// It is to ask again.
        case holds(String)
        case ends(String)
    }

    enum Limits {
        /// Wrong pins in one call.
        static let pins = 3
        /// Recordings in which nothing is said, one after another.
        static let silences = 3
        /// How often it is asked to wait for one answer.
        static let waits = 8
        static let steps = 500
        /// As long as a call may last at Twilio's.
        static let lifetime = Duration.seconds(4 * 3600)
    }

    /// `CA…`
    let id: String
    let number: String
    /// In the addresses of its steps.
    let nonce: String
    let begun: Timestamp
    var stage = Stage.pin
    /// Of what is bounded at this stage, one after another.
    var tries = 0
    /// What is worked on.
    var row: String?
    /// The step that may come next: each is taken once.
    var step = 1
    /// Of the request that was taken last.
    var mark: String
    /// What was answered to it; nil while it is worked on.
    var answer: String?

    init(_ id: String, from number: String, nonce: String, marked mark: String, at now: Timestamp) {
        (self.id, self.number, self.nonce, self.mark, begun) = (id, number, nonce, mark, now)
    }

    /// Takes the next step.
    mutating func take(_ event: Event, marked mark: String) -> Turn {
        (self.mark, answer) = (mark, nil)
        step += 1
        guard step <= Limits.steps else { return end(CallWords.goodbye) }
        switch (stage, event) {
        case (.pin, .rightPin): return listen(CallWords.welcome)
        case (.pin, .wrongPin):
            return once(more: .asksForPin(CallWords.pinAgain), most: Limits.pins) ?? end(CallWords.refused)
        case (.listening, .spoke(let row)):
            (stage, tries, self.row) = (.working, 0, row)
            return .works(row: row)
        case (.listening, .silence):
            return once(more: .listens(CallWords.silence), most: Limits.silences) ?? end(CallWords.goodbye)
        case (.working, .waited): return row.map { .works(row: $0) } ?? end(CallWords.goodbye)
        case (_, .hungUp): return end("")
        default: return end(CallWords.refused)
        }
    }

    /// - Parameter words: what is said to what was spoken; nil while it is worked on, empty where nothing may be said.
    mutating func hear(_ words: String?) -> Turn {
        guard stage == .working else { return end(CallWords.goodbye) }
        guard let words else {
            return once(more: .holds(CallWords.moment), most: Limits.waits) ?? listen(CallWords.late)
        }
        return words.isEmpty ? end(CallWords.refused) : listen(words)
    }

    private mutating func once(more turn: Turn, most: Int) -> Turn? {
        tries += 1
        return tries < most ? turn : nil
    }

    private mutating func listen(_ words: String) -> Turn {
        (stage, tries, row) = (.listening, 0, nil)
        return .listens(words)
    }

    private mutating func end(_ words: String) -> Turn {
        (stage, row) = (.over, nil)
        return .ends(words)
    }
}
