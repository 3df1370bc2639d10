import Core

/// What a conversation is at: a value that hears texts and says what is to be done. It does nothing itself.
struct Conversation: Sendable, Hashable {
    /// What somebody wants, as far as it is known.
    struct Request: Sendable, Hashable {
        var intent: String
        var slots: [String: String]
    }

    /// What the next text is expected to be.
    enum Waiting: Sendable, Hashable {
        case nothing
        /// The value of a slot.
        case value(Request, slot: String, tries: Int)
        /// A clear yes or no.
        case consent(PlannedDeed)
    }

    /// How many deeds are remembered for "undo that".
    static let memory = 10

    /// `cnv_…`
    let id: String
    var waiting = Waiting.nothing
    /// Begun, and what came of it is not told yet: it was interrupted.
    var doing: Deed?
    /// The latest last.
    var remembered: [Remembered] = []
    /// What was denied last.
    var refused: Deed?
    /// The one that was spoken of last.
    var repository: String?
    var lastIntent: String?
    /// How many deeds it has made; numbers their keys.
    var deeds = 0

    init(id: String) { self.id = id }

    var lastRun: String? { remembered.last { $0.run != nil }?.run }
    /// Something that can be asked about.
    var lastAction: String? { remembered.last { $0.action != nil }?.action }
    /// Something that can be taken back.
    var lastChange: String? { remembered.last { $0.isChange && $0.action != nil }?.action }

    mutating func remember(_ done: Remembered) {
        if let action = done.action { remembered.removeAll { $0.action == action } }
        remembered.append(done)
        if remembered.count > Self.memory { remembered.removeFirst(remembered.count - Self.memory) }
    }

    /// The action is taken back, and is not taken back again.
    mutating func forget(change action: String) {
        for index in remembered.indices where remembered[index].action == action { remembered[index].isChange = false }
    }
}

/// What came of hearing a text.
struct Turn: Sendable, Hashable {
    enum Outcome: Sendable, Hashable {
        case told
        /// Wants to know this.
        case asks(SlotNeed)
        /// Waits for a yes to this.
        case proposes(PlannedDeed)
        /// This is to be done now.
        case does(Deed)
        /// All that the caller can do is to be listed.
        case abilities
    }

    var words: [String]
    var outcome: Outcome
    /// What was understood.
    var intent: String?

    init(_ words: [String], _ outcome: Outcome = .told, intent: String? = nil) {
        (self.words, self.outcome, self.intent) = (words, outcome, intent)
    }
}
