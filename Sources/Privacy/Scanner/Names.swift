/// Names of persons: capitalised words in a row, judged by lists, endings, titles and what stands around them.
struct NamePart {
    var range: Range<Int>
    var kinds: WordKinds
    var isInitial: Bool
    var isCapital: Bool
}

extension TextWalk {
    /// Called at a word that begins with a capital or a character beyond ASCII.
    mutating func capitalised(_ range: Range<Int>) {
        let kinds = kinds(range)
        if range.count == 3, bytes[range.lowerBound] | 0x20 == UInt8(ascii: "w") { bareURL(range) }
        if range.count == 2 { nino(at: range.lowerBound) }
        if !kinds.isDisjoint(with: [.month, .weekday]) {
            namedDate(range, kinds)
            if kinds.contains(.weekday) { return }
        }
        if plan[.address] != nil { street(range, kinds) }
        guard range.lowerBound >= nameEnd, let form = plan[.person], startsCapital(range) else { return }
        let parts = parts(from: range, kinds)
        nameEnd = parts.last?.range.upperBound ?? range.upperBound
        judge(parts, form)
    }

    /// ASCII or a capital of Latin-1, Latin Extended-A, Greek or Cyrillic.
    func startsCapital(_ range: Range<Int>) -> Bool {
        let first = bytes[range.lowerBound]
        if first.isCapital { return true }
        let next = byte(range.lowerBound + 1)
        switch first {
        case 0xc3: return next <= 0x9e
        case 0xc4, 0xc5:
            return next & 1 == 0 || (first == 0xc5 && next >= 0xb8 || first == 0xc4 && next >= 0xb9) && next & 1 == 1
        case 0xce: return next <= 0xab
        case 0xd0: return next <= 0xaf
        default: return false
        }
    }

    /// Up to seven words on one line: capitals, initials, and particles between them.
    private func parts(from range: Range<Int>, _ kinds: WordKinds) -> [NamePart] {
        var parts = [part(range, kinds)]
        while let last = parts.last, parts.count < 7 {
            var next = last.range.upperBound
            if last.isInitial || last.kinds.contains(.title), byte(next) == UInt8(ascii: ".") { next += 1 }
            let hasGap = byte(next) == 0x20
            if hasGap { next += 1 }
            if !hasGap, byte(next) != 0x2d, byte(next) != 0x27, next == last.range.upperBound { break }
            if !hasGap, byte(next) == 0x2d || byte(next) == 0x27 { next += 1 }
            let word = next..<wordEnd(next)
            guard !word.isEmpty, word.count < 40, !bytes[word].contains(where: { $0.isDigit }) else { break }
            let wordKinds = self.kinds(word)
            guard startsCapital(word) || wordKinds.contains(.particle) && hasGap else { break }
            if !hasGap, word.count == 1 { break }
            parts.append(part(word, wordKinds))
        }
        while let last = parts.last, !last.isCapital { parts.removeLast() }
        return parts
    }

    private func part(_ range: Range<Int>, _ kinds: WordKinds) -> NamePart {
        NamePart(
            range: range, kinds: kinds,
            isInitial: range.count == 1 || range.count == 2 && bytes[range.lowerBound] >= 0x80,
            isCapital: startsCapital(range))
    }

    private mutating func judge(_ parts: [NamePart], _ form: Int) {
        var rest = parts[...]
        var hasTitle = false
        // `Dear Dr. Jane Doe`: words that are no names go first, and a title among them is remembered.
        while let first = rest.first, isNoName(first) {
            hasTitle = first.kinds.contains(.title)
            rest.removeFirst()
        }
        guard !rest.isEmpty else { return }
        if let end = rest.firstIndex(where: { isNoName($0) && !$0.kinds.contains(.particle) }) {
            let stop = rest[end]
            if stop.kinds.contains(.organisation) || stop.kinds.contains(.streetAfter) { return }
            let after = rest[end...]
            rest = rest[..<end]
            if after.count > 1 { judge(Array(after), form) }
        }
        while let last = rest.last, last.isInitial || !last.isCapital { rest.removeLast() }
        guard let first = rest.first, let last = rest.last else { return }
        let range = first.range.lowerBound..<last.range.upperBound
        guard !isSurroundedByOther(range) else { return }
        let confidence = confidence(Array(rest), hasTitle: hasTitle, range)
        if let confidence { add(range, form, confidence: confidence.value, reasons: confidence.reasons) }
    }

    private func isNoName(_ part: NamePart) -> Bool {
        if part.kinds.contains(.title) { return true }
        if part.kinds.isDisjoint(with: [.common, .organisation, .streetAfter, .streetBefore, .month, .weekday, .unit]) {
            return false
        }
        return part.kinds.isDisjoint(with: [.given, .surname]) || part.kinds.contains(.common)
    }

    /// House numbers, companies and paths are close by: not a person.
    private func isSurroundedByOther(_ range: Range<Int>) -> Bool {
        let before = byte(range.lowerBound - 1)
        if before == 0x40 || before == 0x2f || before == 0x5c || before == 0x5f || before == 0x23 { return true }
        if before == 0x20, byte(range.lowerBound - 2).isDigit { return true }
        if before == 0x2e, byte(range.lowerBound - 2).isWord { return true }
        let after = byte(range.upperBound)
        if after == 0x40 || after == 0x5f || after == 0x2f || after == 0x28 || after == 0x5c { return true }
        if after == 0x2e, byte(range.upperBound + 1).isWord { return true }
        if after == 0x20, byte(range.upperBound + 1).isDigit { return true }
        // `Lopez, Santos and Coleman`, `Miller & Sons Ltd`: the last word of the line of names decides.
        let next = skipBlanks(byte(range.upperBound) == 0x2c ? range.upperBound + 1 : range.upperBound)
        let word = next..<wordEnd(next)
        return !word.isEmpty && startsCapital(word) && !kinds(word).isDisjoint(with: [.organisation, .streetAfter])
            && kinds(word).isDisjoint(with: [.given, .surname])
    }

    private func confidence(_ parts: [NamePart], hasTitle: Bool, _ range: Range<Int>)
        -> (value: Double, reasons: [PrivacyFinding.Reason])?
    {
        let words = parts.filter { $0.isCapital && !$0.isInitial }
        guard let first = words.first, let last = words.last else { return nil }
        if hasTitle, words.count <= 4 { return (0.85, [.form, .context]) }
        let hasCue = hasCue(before: range.lowerBound) || hasDialogue(after: range)
        let isShouted = bytes[range].allSatisfy { !($0.isLetter && !$0.isCapital) }
        if words.count == 1 {
            if isShouted { return nil }
            if hasCue, first.kinds.contains(.given) || first.range.count > 3 && isSurname(first) {
                return (0.8, [.form, .context])
            }
            if first.kinds.contains(.given), !first.kinds.contains(.ambiguous) { return (0.5, [.list]) }
            if isSurname(first), isPossessive(range), !first.kinds.contains(.ambiguous) { return (0.5, [.list]) }
            if first.kinds.contains(.surname), !first.kinds.contains(.ambiguous) { return (0.45, [.list]) }
            return nil
        }
        let knowsGiven = words.dropLast().contains { $0.kinds.contains(.given) }
        let isClear = words.dropLast().contains { $0.kinds.contains(.given) && !$0.kinds.contains(.ambiguous) }
        if isClear { return (isSurname(last) ? 0.9 : 0.75, [.list]) }
        if knowsGiven, isSurname(last) || hasCue { return (0.7, [.list]) }
        let hasInitial = parts.dropFirst().dropLast().contains { $0.isInitial }
        if hasInitial { return (0.7, [.form]) }
        if isShouted { return nil }
        if hasCue, words.count <= 3 { return (0.65, [.context]) }
        if isSurname(last), !last.kinds.contains(.ambiguous), words.count <= 3 { return (0.55, [.list]) }
        // Surname first, as in Hungary and East Asia.
        if last.kinds.contains(.given), !last.kinds.contains(.ambiguous), words.count == 2 { return (0.55, [.list]) }
        return nil
    }

    private func isSurname(_ part: NamePart) -> Bool {
        if part.kinds.contains(.surname) { return true }
        guard part.range.count >= 6, part.kinds.isDisjoint(with: [.common]) else { return false }
        return Words.lowercased(UnsafeRawBufferPointer(rebasing: bytes[part.range])) { text in
            let folded = text.map { $0 }
            return folded.withUnsafeBytes { folded in Lexicon.surnameEndings.contains { Words.ends(folded, $0) } }
        }
    }

    /// `my name is`, `called`, `Name:`, `says` before it.
    private func hasCue(before start: Int) -> Bool {
        guard let word = wordBefore(start, past: [0x3a, 0x2c, 0x2a, 0x09]) else { return false }
        if kinds(word).contains(.cue) { return true }
        let text = bytes[max(0, start - 24)..<start]
        return TextWalk.namePhrases.contains { phrase in
            text.count >= phrase.count
                && zip(text.suffix(phrase.count), phrase).allSatisfy { Words.lowercased($0) == $1 }
        }
    }

    static let namePhrases: [[UInt8]] = [
        "name is ", "name: ", "name:", "this is ", "i am ", "i'm ", "heiße ", "heisse ", "name ist ", "ich bin ",
        "m'appelle ", "je suis ", "llamo ", "nombre es ", "mi chiamo ", "ik heet ", "naam is ", "nazywam się ",
        "meu nome é ", "chamo ", "jag heter ", "jeg heter ", "jeg hedder ", "nimeni on ", "name's ", "known as ",
        "patient: ", "contact: ", "attn: ", "signed, ", "nome: ", "nombre: ", "nom: ", "naam: ",
    ].map { Array($0.utf8) }

    /// `Sara: "…"`, `Natasha says`.
    private func hasDialogue(after range: Range<Int>) -> Bool {
        guard byte(range.upperBound) == 0x20 else { return false }
        let next = range.upperBound + 1
        let word = next..<wordEnd(next)
        return word.count == 4 && (bytes[word].elementsEqual("says".utf8) || bytes[word].elementsEqual("said".utf8))
    }

    private func isPossessive(_ range: Range<Int>) -> Bool {
        byte(range.upperBound) == 0x27 && byte(range.upperBound + 1) == 0x73
    }

    /// `my name is borna jerković`: at a phrase, names in small letters too.
    mutating func introduced(at start: Int) {
        guard let form = plan[.person], has(start) else { return }
        let first = start..<wordEnd(start)
        guard (3...30).contains(first.count), !bytes[first].contains(where: { $0.isDigit }) else { return }
        let firstKinds = kinds(first)
        guard firstKinds.contains(.given), !startsCapital(first), firstKinds.isDisjoint(with: [.common]) else { return }
        var end = first.upperBound
        if byte(end) == 0x20 {
            let second = (end + 1)..<wordEnd(end + 1)
            let kinds = kinds(second)
            if second.count >= 3, kinds.isDisjoint(with: [.common, .particle]), isSurname(part(second, kinds)) {
                end = second.upperBound
            }
        }
        add(start..<end, form, confidence: 0.75, reasons: [.list, .context])
    }
}
