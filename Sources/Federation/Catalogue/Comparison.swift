import Core
import Formats
import JSON
import Privacy

/// Compares what servers offer with what was agreed to.
struct Comparison {
    let pins: [Pin.Key: Pin]
    let settings: [String: UpstreamSettings]
    private struct Likeness: Hashable {
        let kind: ItemKind
        let skeleton: String

        init(_ key: Pin.Key) {
            kind = key.kind
            skeleton = Skeleton.of(key.name)
        }
    }

    /// What was agreed to, by how it looks.
    private let likenesses: [Likeness: Set<Pin.Key>]
    /// What was agreed to and is offered no more, by what it is beside its name.
    private let gone: [JSON: Pin.Key]

    init(pins: [Pin.Key: Pin], settings: [String: UpstreamSettings], offered: Set<Pin.Key>) {
        self.pins = pins
        self.settings = settings
        likenesses = Dictionary(grouping: pins.keys) { Likeness($0) }.mapValues { Set($0) }
        gone = Dictionary(
            pins.values.filter { !offered.contains($0.key) }.map { ($0.definition.withoutName, $0.key) },
            uniquingKeysWith: { first, _ in first })
    }

    func item(_ listed: ListedItem) -> CatalogueItem {
        let definition = listed.definition
        let pin = pins[definition.key]
        return CatalogueItem(
            listed, standing: standing(definition, definition.key, pin), effect: effect(of: definition, pin))
    }

    /// Prompts and resources are read.
    private func effect(of definition: Definition, _ pin: Pin?) -> Effect {
        guard definition.kind == .tool else { return .read }
        return settings[definition.server]?.effect(of: definition.name) ?? pin?.effect
            ?? CatalogueItem.claimedEffect(definition.sent)
    }

    private func standing(_ definition: Definition, _ key: Pin.Key, _ pin: Pin?) -> Standing {
        if let pin {
            guard pin.definition.hash != definition.hash else { return .approved }
            return .changed(
                diff: UnifiedDiff.between(pin.definition.shown, definition.shown, name: "\(key.server)/\(key.name)"))
        }
        guard key.kind != .resources else { return .new }
        if let old = gone[definition.withoutName] { return .renamed(from: "\(old.server)/\(old.name)") }
        let twins = likenesses[Likeness(key)]?.filter { $0.name != key.name } ?? []
        if let twin = twins.min(by: { ($0.server, $0.name) < ($1.server, $1.name) }) {
            return .lookAlike(of: "\(twin.server)/\(twin.name)")
        }
        return .new
    }
}
