import Core
import Intent

/// The names that the house knows, and what a text says of them.
struct Names: Sendable {
    /// A value, and whether there is no doubt that it is one.
    struct Reading: Sendable, Hashable {
        var value: String
        var isSure: Bool
    }

    let gazetteers: [Gazetteer]
    private let tagger: SlotTagger
    private let now: Timestamp

    init(_ gazetteers: [Gazetteer] = [], now: Timestamp) {
        self.init(gazetteers, Self.tagger(gazetteers), now: now)
    }

    /// - Parameter tagger: of these gazetteers, made before.
    init(_ gazetteers: [Gazetteer], _ tagger: SlotTagger, now: Timestamp) {
        (self.gazetteers, self.tagger, self.now) = (gazetteers, tagger, now)
    }

    static func tagger(_ gazetteers: [Gazetteer]) -> SlotTagger {
        SlotTagger(gazetteers, identifiers: SlotKind.identifiers)
    }

    func values(of kind: SlotKind) -> [String] {
        gazetteers.filter { $0.name == kind.rawValue }.flatMap { $0.entries.map(\.value) }
    }

    /// Ids of tools count as they are written only: `workflow.run` is one, "the workflow run" is none.
    func slots(in text: String) -> [Slot] {
        tagger.slots(in: text).filter { slot in
            slot.name != SlotKind.tool.rawValue || Array(text.utf8)[slot.range].contains(UInt8(ascii: "."))
        }
    }

    // MARK: A text that is a value

    /// What a text means as the value of a slot; nil where it cannot be one.
    func reading(_ text: String, as need: SlotNeed) -> Reading? {
        guard !text.isEmpty else { return nil }
        if !need.choices.isEmpty {
            return need.choices.first { $0.lowercased() == text.lowercased() }.map { Reading(value: $0, isSure: true) }
        }
        switch need.kind {
        case .text: return Reading(value: String(text.prefix(300)), isSure: true)
        case .flag: return Consent(text).map { Reading(value: $0 == .yes ? "true" : "false", isSure: true) }
        case .severity: return severity(text)
        case .number: return number(text)
        case .time: return span(in: text).map { Reading(value: $0, isSure: true) }
        case .run, .action, .finding, .approval:
            guard let prefix = need.kind.prefix, Identifier.isValid(text, prefix: prefix) else { return nil }
            return Reading(value: text, isSure: true)
        case .repository: return name(text, .repository) ?? Self.place(text)
        default: return name(text, need.kind)
        }
    }

    /// What a text says about a slot, among other things.
    func mention(of need: SlotNeed, in text: String) -> String? {
        if !need.choices.isEmpty {
            let words = Wording(text).words.map(\.plain)
            return need.choices.first { words.contains($0.lowercased()) }
        }
        let found = slots(in: text).filter { need.kind.tags.contains($0.name) }
        switch need.kind {
        case .flag, .text: return nil
        case .time: return span(in: text)
        case .number:
            return found.lazy.compactMap { slot in
                switch slot.value {
                case .number(let number), .quantity(let number, _): Self.whole(number)
                default: nil
                }
            }.first
        default:
            let known = found.filter { !need.kind.isClosed || $0.source == .gazetteer || $0.source == .fuzzy }
            return known.first { Self.place($0.value.description) != nil || need.kind != .repository }?.value
                .description
        }
    }

    /// A name as the house spells it, where the whole text is one.
    private func name(_ text: String, _ kind: SlotKind) -> Reading? {
        let slot = slots(in: text).first {
            $0.name == kind.rawValue && ($0.source == .gazetteer || $0.source == .fuzzy)
        }
        guard let slot, slot.range == 0..<text.utf8.count else { return nil }
        return Reading(value: slot.value.description, isSure: slot.source == .gazetteer)
    }

    private func severity(_ text: String) -> Reading? {
        let slot = slots(in: "\(text) severity").first { $0.name == "severity" }
        guard let slot, slot.range.lowerBound == 0, slot.range.upperBound >= text.utf8.count else { return nil }
        return Reading(value: slot.value.description, isSure: true)
    }

    private func number(_ text: String) -> Reading? {
        guard
            let number = Int(text.filter { $0 != "," })
                ?? slots(in: text).first.flatMap({ slot in
                    guard case .number(let number) = slot.value, slot.range == 0..<text.utf8.count else { return nil }
                    return Int(exactly: number)
                }), number >= 0
        else { return nil }
        return Reading(value: String(number), isSure: true)
    }

    private static func whole(_ number: Double) -> String? {
        Int(exactly: number).flatMap { $0 >= 0 ? String($0) : nil }
    }

    /// How far back a time lies, in seconds: `86400s`.
    private func span(in text: String) -> String? {
        for slot in slots(in: text) {
            switch slot.value {
            case .duration(let duration) where duration > .zero: return "\(duration.components.seconds)s"
            case .time(let time):
                guard let from = time.interval(now: now).from else { continue }
                let seconds = (now - from).components.seconds
                if seconds > 0 { return "\(seconds)s" }
            default: continue
            }
        }
        return nil
    }

    /// A folder or an address, or else one word that may be the name of one.
    private static func place(_ text: String) -> Reading? {
        guard !text.contains(where: \.isWhitespace), text.utf8.count <= 1000, !noPlaces.contains(text.lowercased())
        else {
            return nil
        }
        let isPath = SlotForm.isAddress(text) || text.contains("/") || text.hasPrefix(".") || text.hasPrefix("~")
        return Reading(value: text, isSure: isPath)
    }

    /// Words that stand where a repository's name might, and are none.
    private static let noPlaces: Set<String> = [
        "it", "this", "that", "them", "these", "those", "there", "here", "us", "me", "you", "everything", "all",
        "anything", "something", "one", "my", "our", "your", "the", "a", "an", "repository", "repo", "code", "project",
        "application", "app", "please", "again", "now", "first", "today", "yesterday", "is", "are", "be", "of", "in",
        "history", "findings", "workflow", "workflows", "runs", "help",
    ]
}
