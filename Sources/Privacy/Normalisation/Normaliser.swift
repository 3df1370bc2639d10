/// Makes the views of a text in which detectors look a second time. Plain text has none, and costs one look.
enum Normaliser {
    static let maximumDepth = 2
    /// Views made of one text; more is a limit that the scanner reports.
    static let maximumViews = 64

    /// - Returns: nil when the text is disguised in more places than ``maximumViews`` or deeper than ``maximumDepth``.
    static func views(of bytes: UnsafeRawBufferPointer) -> [TextView]? {
        var collector = ViewCollector()
        return collector.collect(bytes, through: nil, depth: 0, isOpenEnded: false) ? collector.views : nil
    }

    /// Escapes decoded, compatibility forms and look-alikes made ASCII, invisible characters left out.
    static func fold(_ bytes: UnsafeRawBufferPointer) -> TextView {
        var view = TextView()
        view.reserve(bytes.count)
        var index = 0
        while index < bytes.count {
            index = step(bytes, index, &view)
        }
        return view
    }

    private static func step(_ bytes: UnsafeRawBufferPointer, _ index: Int, _ view: inout TextView) -> Int {
        let byte = bytes[index]
        if byte >= 0xc2, let (scalar, length) = UTF8Reader.scalar(bytes, at: index) {
            put(scalar, index..<(index + length), bytes, &view)
            return index + length
        }
        if let decoded = Escapes.decode(bytes, at: index) {
            if decoded.isByte {
                view.append(UInt8(truncatingIfNeeded: decoded.scalar), from: index..<decoded.end)
            } else {
                put(decoded.scalar, index..<decoded.end, bytes, &view)
            }
            return decoded.end
        }
        if let spelled = SpelledSign.read(bytes, at: index) {
            return put(spelled.sign, index, spelled.end, bytes, &view)
        }
        if let end = InlineMark.end(bytes, at: index, after: view.bytes.last) { return end }
        view.append(byte, from: index..<(index + 1))
        return index + 1
    }

    private static func put(
        _ scalar: UInt32, _ range: Range<Int>, _ bytes: UnsafeRawBufferPointer, _ view: inout TextView
    ) {
        switch CharacterMeaning(scalar) {
        case .removed: return
        case .ascii(let text): for byte in text { view.append(byte, from: range) }
        case .typographic(let byte): view.append(byte, from: range)
        case .lookAlike(let byte)
        where UTF8Reader.isAmongLatin(bytes, range.lowerBound) || bytes[range.lowerBound] < 0x80:
            view.append(byte, from: range)
        default: for byte in UTF8Reader.encode(scalar) { view.append(byte, from: range) }
        }
    }

    /// A spelt sign takes the blanks around it along.
    private static func put(
        _ sign: UInt8, _ start: Int, _ end: Int, _ bytes: UnsafeRawBufferPointer, _ view: inout TextView
    ) -> Int {
        var end = end
        while end < bytes.count, bytes[end] == 0x20 { end += 1 }
        view.dropBlanks()
        view.append(sign, from: start..<end)
        return end
    }

    /// Single characters between blanks put together, where there are so many that they are no words.
    static func joined(_ bytes: UnsafeRawBufferPointer) -> TextView {
        var view = TextView()
        view.reserve(bytes.count)
        var index = 0
        while index < bytes.count {
            let end = SpacedRun.end(bytes, from: index)
            let isJoined = SpacedRun.isDisguise(bytes, index..<end)
            while index < end {
                if !isJoined || bytes[index] != 0x20 { view.append(bytes[index], from: index..<(index + 1)) }
                index += 1
            }
        }
        return view
    }
}

/// ` a b c d e `: single characters, each between two blanks.
enum SpacedRun {
    /// So many in a row are no words.
    private static let fewest = 5

    static func isSingle(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Bool {
        guard index >= 0, index < bytes.count, bytes[index] > 0x20 else { return false }
        return (index == 0 || bytes[index - 1] <= 0x20) && (index + 1 == bytes.count || bytes[index + 1] <= 0x20)
    }

    /// Past the run that begins at a place, or past the place.
    static func end(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        guard isSingle(bytes, start) else { return start + 1 }
        var end = start + 1
        while end + 1 < bytes.count, bytes[end] == 0x20, isSingle(bytes, end + 1) { end += 2 }
        return end
    }

    static func isDisguise(_ bytes: UnsafeRawBufferPointer, _ run: Range<Int>) -> Bool {
        var count = (run.count + 1) / 2
        if run.lowerBound == 0 || bytes[run.lowerBound - 1] != 0x20 { count -= 1 }
        if run.upperBound == bytes.count || bytes[run.upperBound] != 0x20 { count -= 1 }
        return run.count > 1 && count >= fewest
    }
}

extension TextView {
    fileprivate mutating func dropBlanks() { while bytes.last == 0x20 { removeLast() } }
}
