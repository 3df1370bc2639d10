internal import Core
internal import Rego

/// One answer of `data.system.log.mask`: what to take out of an event, or to replace in it.
///
/// A JSON pointer (RFC 6901) into the event, `/input/password`, erases; `{"op": "upsert", "path": …, "value": …}`
/// replaces, or adds. Steps may be percent-encoded as well, as OPA has them.
struct MaskRule {
    enum Operation {
        case remove
        case upsert(RegoValue)
    }

    enum Part: String {
        case input, result
    }

    let pointer: String
    let part: Part
    /// Below the part; none is the whole of it.
    let steps: [String]
    let operation: Operation

    /// - Throws: `invalid` for an answer of another shape, or one that points elsewhere.
    init(_ answer: RegoValue) throws(GatehouseError) {
        if let pointer = answer.text {
            try self.init(pointer, .remove)
            return
        }
        guard let object = answer.object, let pointer = object["path"]?.text else {
            throw Self.malformed("an answer is neither a path nor an object with a path")
        }
        switch object["op"]?.text {
        case "remove": try self.init(pointer, .remove)
        case "upsert":
            guard let value = object["value"] else { throw Self.malformed("\(pointer) is to be replaced by no value") }
            try self.init(pointer, .upsert(value))
        default: throw Self.malformed("the op of \(pointer) is neither remove nor upsert")
        }
    }

    private init(_ pointer: String, _ operation: Operation) throws(GatehouseError) {
        let steps = pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(Self.decoded)
        guard pointer.hasPrefix("/"), let part = steps.first.flatMap(Part.init(rawValue:)) else {
            throw Self.malformed("\(pointer) does not begin with /input or /result")
        }
        self.pointer = pointer
        self.part = part
        self.steps = Array(steps.dropFirst())
        self.operation = operation
    }

    /// Does its part, and notes it in the event where it did anything.
    ///
    /// - Throws: `invalid` when something that is no container stands in the way: it may be what was to be hidden.
    func apply(to event: inout DecisionEvent) throws(GatehouseError) {
        let value = part == .input ? event.input : event.result
        guard let value, let changed = try changing(value, steps[...]) else { return }
        switch part {
        case .input: event.input = changed.value
        case .result: event.result = changed.value
        }
        switch operation {
        case .remove: event.erased.append(pointer)
        case .upsert: event.masked.append(pointer)
        }
    }

    private struct Changed {
        /// Nil when it is gone.
        var value: RegoValue?
    }

    /// Nil when nothing changes.
    private func changing(_ value: RegoValue, _ steps: ArraySlice<String>) throws(GatehouseError) -> Changed? {
        guard let step = steps.first else {
            switch operation {
            case .remove: return Changed(value: nil)
            case .upsert(let new): return Changed(value: new)
            }
        }
        switch value {
        case .object(let object): return try changing(object, step, steps.dropFirst())
        case .array(let array): return try changing(array, step, steps.dropFirst())
        default:
            if case .remove = operation { return nil }
            throw Self.malformed("\(pointer) leads through \(value.typeName), which has no members")
        }
    }

    private func changing(
        _ object: RegoObject, _ step: String, _ rest: ArraySlice<String>
    ) throws(GatehouseError) -> Changed? {
        var inner = object[step]
        if inner == nil {
            guard case .upsert = operation else { return nil }
            inner = .object(RegoObject())
        }
        guard let inner, let changed = try changing(inner, rest) else { return nil }
        let others = object.removing(RegoValue(step))
        guard let value = changed.value else { return Changed(value: .object(others)) }
        return Changed(value: .object(others.merging([RegoValue(step): value])))
    }

    /// An element that goes leaves null behind, so that what other rules point at stays where it was.
    private func changing(
        _ array: RegoArray, _ step: String, _ rest: ArraySlice<String>
    ) throws(GatehouseError) -> Changed? {
        guard let index = Int(step), array.indices.contains(index) else { return nil }
        guard let changed = try changing(array[index], rest) else { return nil }
        var elements = array.elements
        elements[index] = changed.value ?? .null
        return Changed(value: .array(RegoArray(elements)))
    }

    private static func malformed(_ what: String) -> GatehouseError {
        GatehouseError(
            "policy", .invalid, "data.system.log.mask: \(what)", hint: "Give JSON pointers such as \"/input/password\"."
        )
    }

    /// `%2F`, `~1` and `~0` are resolved; what is no escape stands for itself.
    private static func decoded(_ step: Substring) -> String {
        var out: [UInt8] = []
        var rest = Array(step.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let escaped = Hex.decode(String(decoding: rest.prefix(2), as: UTF8.self)),
                let character = escaped.first
            {
                rest = rest.dropFirst(2)
                out.append(character)
            } else if byte == UInt8(ascii: "~"), let next = rest.first, next == 0x30 || next == 0x31 {
                rest = rest.dropFirst()
                out.append(next == 0x30 ? byte : UInt8(ascii: "/"))
            } else {
                out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
