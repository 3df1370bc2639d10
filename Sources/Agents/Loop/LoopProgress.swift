import Crypto
import Gate
import JSON

/// Whether a model's turns bring anything new.
struct LoopProgress: Sendable {
    private var asked: Set<[UInt8]> = []
    private var seen: Set<[UInt8]> = []
    /// Turns in a row that brought nothing.
    private(set) var idle = 0

    /// Whether a call is not one that was made before.
    mutating func begins(_ request: ActionRequest) -> Bool {
        asked.insert(Self.digest([.string(request.tool), request.arguments])).inserted
    }

    /// Whether an answer is not one that came before.
    mutating func sees(_ value: JSON) -> Bool { seen.insert(Self.digest(value)).inserted }

    mutating func turned(_ isNew: Bool) { idle = isNew ? 0 : idle + 1 }

    private static func digest(_ value: JSON) -> [UInt8] {
        Array(SHA256.hash(data: (try? value.canonicalBytes()) ?? value.bytes()))
    }
}
