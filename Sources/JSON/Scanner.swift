/// Validates JSON text (RFC 8259, strictly) in one pass and notes its values on a tape.
///
/// The scanner holds the stack of open containers itself, so that depth costs no machine stack. All of the room's
/// grammar is here and in the extensions for texts and numbers.
struct Scanner {
    /// What may come next.
    private enum State {
        case value, firstElement, firstKey, afterElement, afterMember, done
    }

    let base: UnsafePointer<UInt8>
    let end: Int
    let limits: JSON.Limits
    var position = 0
    var tape: [Token] = []
    /// Places on the tape of the containers around `position`.
    private var open: [Int] = []
    /// What comes after a value within the innermost of them.
    private var afterValue = State.done
    private var values = 0
    private var uniqueKeys = UniqueKeys()

    init(_ base: UnsafePointer<UInt8>, count: Int, limits: JSON.Limits) {
        self.base = base
        end = count
        self.limits = limits
    }

    static func scan(_ bytes: UnsafeBufferPointer<UInt8>, _ limits: JSON.Limits) throws(JSONError) -> [Token] {
        guard let base = bytes.baseAddress, !bytes.isEmpty else {
            throw JSONError(
                code: .unexpectedEnd, offset: 0, line: 1, column: 1, message: "there is no JSON value: empty")
        }
        var scanner = Scanner(base, count: bytes.count, limits: limits)
        try scanner.document()
        return scanner.tape
    }

    private mutating func document() throws(JSONError) {
        let most = min(limits.bytes, JSON.Limits.greatestBytes)
        guard end <= most else {
            throw JSONError(
                code: .tooLarge, offset: most, line: 0, column: 0, message: "\(end) bytes; at most \(most) are read")
        }
        if end >= 3, base[0] == 0xEF, base[1] == 0xBB, base[2] == 0xBF {
            throw failure(
                .byteOrderMark, "the text starts with a byte order mark, which JSON forbids: remove it", at: 0)
        }
        tape.reserveCapacity(min(end / 16 + 8, 4096))
        var state = State.value
        while state != .done {
            skipSpace()
            state = try step(state)
        }
        skipSpace()
        if position < end { throw failure(.trailingContent, "\(found) after the end of the value", at: position) }
    }

    @inline(__always)
    private mutating func step(_ state: State) throws(JSONError) -> State {
        switch state {
        case .value: return try value()
        case .firstElement: return next == Ascii.closeBracket ? close() : try value()
        case .firstKey: return next == Ascii.closeBrace ? close() : try member()
        case .afterElement:
            if next == Ascii.closeBracket { return close() }
            guard next == Ascii.comma else { throw unexpected("',' or ']' after an element") }
            position += 1
            return .value
        case .afterMember:
            if next == Ascii.closeBrace { return try closeObject() }
            guard next == Ascii.comma else { throw unexpected("',' or '}' after a member") }
            position += 1
            skipSpace()
            return try member()
        case .done: return .done
        }
    }

    /// The byte at `position`; 0, which no grammar rule takes, at the end.
    var next: UInt8 {
        @inline(__always) get { position < end ? base[position] : 0 }
    }

    @inline(__always)
    private mutating func skipSpace() {
        while position < end {
            let byte = base[position]
            guard byte <= Ascii.space,
                byte == Ascii.space || byte == Ascii.newline || byte == Ascii.carriageReturn || byte == Ascii.tab
            else { return }
            position += 1
        }
    }

    private mutating func value() throws(JSONError) -> State {
        let start = position
        switch next {
        case Ascii.quote:
            let isEscaped = try string()
            try note(Token(.string, start: start, end: position, next: tape.count + 1, isEscaped: isEscaped))
        case Ascii.openBrace: return try open(.object, .firstKey)
        case Ascii.openBracket: return try open(.array, .firstElement)
        case Ascii.minus, 0x30...0x39:
            try number()
            try note(Token(.number, start: start, end: position, next: tape.count + 1))
        case UInt8(ascii: "t"): try literal("true", .bool)
        case UInt8(ascii: "f"): try literal("false", .bool)
        case UInt8(ascii: "n"): try literal("null", .null)
        case Ascii.closeBracket where afterValue == .afterElement:
            throw failure(.unexpectedCharacter, "a comma before ']': an element must follow a comma", at: position)
        default: throw unexpected("a value")
        }
        return afterValue
    }

    private mutating func member() throws(JSONError) -> State {
        guard next == Ascii.quote else {
            if next == Ascii.closeBrace {
                throw failure(.unexpectedCharacter, "a comma before '}': a member must follow a comma", at: position)
            }
            throw unexpected("a key in double quotes")
        }
        let start = position
        let isEscaped = try string()
        tape.append(
            Token(.string, start: start, end: position, next: tape.count + 1, isEscaped: isEscaped, isKey: true))
        skipSpace()
        guard next == Ascii.colon else { throw unexpected("':' after a key") }
        position += 1
        skipSpace()
        return try value()
    }

    private mutating func open(_ kind: JSON.Kind, _ state: State) throws(JSONError) -> State {
        let most = min(limits.depth, JSON.Limits.greatestDepth)
        guard open.count < most else {
            throw failure(.tooLarge, "arrays and objects nest deeper than \(most)", at: position)
        }
        open.append(tape.count)
        afterValue = kind == .array ? .afterElement : .afterMember
        try note(Token(kind, start: position, end: position, next: 0))
        position += 1
        return state
    }

    private mutating func close() -> State {
        position += 1
        if let container = open.popLast() {
            tape[container].end = UInt32(truncatingIfNeeded: position)
            tape[container].next = UInt32(truncatingIfNeeded: tape.count)
        }
        guard let container = open.last else { return .done }
        afterValue = tape[container].kind == .array ? .afterElement : .afterMember
        return afterValue
    }

    private mutating func closeObject() throws(JSONError) -> State {
        if let object = open.last, !limits.allowsDuplicateKeys,
            let twice = uniqueKeys.firstDuplicate(in: tape, object: object, base)
        {
            throw failure(
                .duplicateKey, "the key \(shortened(tape[twice].range)) comes twice in one object",
                at: Int(tape[twice].start))
        }
        return close()
    }

    private mutating func literal(_ word: StaticString, _ kind: JSON.Kind) throws(JSONError) {
        let start = position
        for place in 0..<word.utf8CodeUnitCount {
            guard next == word.utf8Start[place] else { throw unexpected("\(word)") }
            position += 1
        }
        try note(Token(kind, start: start, end: position, next: tape.count + 1))
    }

    @inline(__always)
    private mutating func note(_ token: Token) throws(JSONError) {
        guard values < limits.values else {
            throw failure(.tooLarge, "more than \(limits.values) values", at: Int(token.start))
        }
        values += 1
        tape.append(token)
    }
}
