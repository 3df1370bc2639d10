public import JSON

extension RegoValue {
    /// Reads JSON text.
    public init(parsing bytes: [UInt8], limits: JSON.Limits = .default) throws(JSONError) {
        let document = try JSONDocument(bytes, limits: limits)
        self.init(document.root)
    }

    public init(_ view: JSONView) {
        switch view.kind {
        case .null: self = .null
        case .bool: self = .bool(view.bool ?? false)
        case .number: self = .number(RegoNumber(view))
        case .string: self = .string(RegoString(view.string ?? ""))
        case .array:
            var array = RegoArray(reserving: 0)
            for element in view.elements { array.append(RegoValue(element)) }
            self = .array(array)
        case .object:
            var object = RegoObject()
            for member in view.members { object.updateValue(RegoValue(member.value), forKey: RegoValue(member.key)) }
            self = .object(object)
        }
    }

    public init(_ json: JSON) {
        switch json {
        case .null: self = .null
        case .bool(let bool): self = .bool(bool)
        case .number(let number): self = .number(RegoNumber(number))
        case .string(let text): self = RegoValue(text)
        case .array(let elements): self = .array(RegoArray(elements.lazy.map { RegoValue($0) }))
        case .object(let object):
            self = .object(RegoObject(object.lazy.map { (RegoValue($0.key), RegoValue($0.value)) }))
        }
    }

    /// Sets become arrays in ascending order; a key that is no text becomes its JSON text.
    public var json: JSON {
        switch self {
        case .null: .null
        case .bool(let bool): .bool(bool)
        case .number(let number): .number(number.json)
        case .string(let string): .string(string.text)
        case .array(let array): .array(array.map(\.json))
        case .set(let set): .array(set.map(\.json))
        case .object(let object): .object(JSONObject(object.lazy.map { ($0.key.jsonKey, $0.value.json) }))
        }
    }

    /// The text of this value as the key of a JSON object.
    public var jsonKey: String { text ?? json.text() }
}

extension RegoNumber {
    init(_ view: JSONView) {
        let raw = view.rawBytes
        if let small = raw.withUnsafeBufferPointer(Self.plainInteger) {
            self = .int(small)
        } else {
            self = view.number.map { RegoNumber($0) } ?? .int(0)
        }
    }

    /// A number whose exponent is beyond all reason (1e100001) is read as the largest or smallest double of its sign.
    public init(_ number: JSONNumber) {
        if let exact = RegoNumber(spelling: number.spelling) {
            self = exact
            return
        }
        let isTiny = number.double.map { abs($0) < 1 } ?? false
        let isNegative = number.spelling.hasPrefix("-")
        let bound = RegoNumber(isTiny ? 0 : Double.greatestFiniteMagnitude) ?? .int(0)
        self =
            isNegative ? RegoNumber(significand: -bound.decimal.significand, exponent: bound.decimal.exponent) : bound
    }

    public var json: JSONNumber {
        if case .int(let value) = self { return JSONNumber(value) }
        return JSONNumber(spelling: spelling) ?? JSONNumber(double) ?? 0
    }
}
