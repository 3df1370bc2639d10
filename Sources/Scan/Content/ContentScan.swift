import Core
import Privacy

/// Scans files and blobs that come in pieces, one after the other, in constant memory: a window slides over each, and
/// neighbouring windows overlap so that what lies on a seam is seen whole by one of them and reported once.
struct ContentScan: ~Copyable {
    static let windowBytes = 1 << 20
    /// How much of a window the next one sees again: room for the longest match on both sides of the seam.
    static let overlap = 64 << 10
    /// How far into its overlap a window begins to report; what lies before has been reported by the window before it.
    static let lead = 16 << 10
    /// How much is looked at to tell a binary file.
    static let sniffedBytes = 8 << 10
    /// How many times over a text may be encoded in base64 or hexadecimal to be looked at.
    static let encodings = 3

    enum Form: Sendable {
        case text, binary
        /// UTF-16 or UTF-32, by its byte order mark.
        case wide
    }

    /// What one file came to.
    struct Outcome: Sendable {
        var form = Form.text
        /// What it packs, where it is an archive.
        var packing: Packing?
        var bytes = 0
        /// A last line without an end counts.
        var lines = 0
        var hits: [Hit] = []
        var unchecked: [CouldNotCheck] = []
    }

    private let scanners: [any ContentScanner]
    private let findingsPerFile: Int
    private let window: UnsafeMutableRawBufferPointer
    private var path: [UInt8] = []
    private var pathText = ""
    private var filled = 0
    /// Where `cursor` stands in the window.
    private var cursorOffset = 0
    private var cursor = Place()
    /// Findings from here on are this window's to report.
    private var reportsFrom = 0
    private var outcome = Outcome()
    private var isCut = false

    init(scanners: [any ContentScanner], limits: AssessmentLimits) {
        self.scanners = scanners
        findingsPerFile = limits.findingsPerFile
        window = .allocate(byteCount: Self.windowBytes, alignment: 16)
    }

    deinit { window.deallocate() }

    var bytes: Int { outcome.bytes }
    var form: Form { outcome.form }

    mutating func begin(_ path: [UInt8]) {
        self.path = path
        pathText = Printable.text(path)
        (filled, cursorOffset, reportsFrom, isCut) = (0, 0, 0, false)
        cursor = Place()
        outcome = Outcome()
    }

    /// Lets `read` put bytes into the free part of the window. Returns what `read` returned: how many, 0 at the end.
    mutating func fill(_ read: (UnsafeMutableRawBufferPointer) -> Int) -> Int {
        let count = read(UnsafeMutableRawBufferPointer(rebasing: window[filled...]))
        guard count > 0 else { return count }
        let isFirst = outcome.bytes == 0
        filled += count
        outcome.bytes += count
        if isFirst {
            let start = bytes(0..<min(filled, Self.sniffedBytes))
            outcome.packing = Packing(start)
            outcome.form = outcome.packing == nil ? Self.form(of: start) : .binary
        }
        if filled == window.count {
            if outcome.form == .text { slide() } else { filled = 0 }
        }
        return count
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        var position = 0
        while position < bytes.count {
            position += fill { free in
                let count = min(free.count, bytes.count - position)
                free.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[position..<position + count]))
                return count
            }
        }
    }

    /// Scans what is left and gives the outcome; ``begin(_:)`` starts the next file.
    mutating func finish() -> Outcome {
        if outcome.form == .text, filled > 0 {
            scanWindow(upTo: filled)
            moveCursor(to: filled)
            outcome.lines = cursor.column == 1 ? cursor.line - 1 : cursor.line
        }
        filled = 0
        return outcome
    }

    static func form(of start: UnsafeRawBufferPointer) -> Form {
        if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) { return .wide }
        return start.contains(0) ? .binary : .text
    }

    private func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: window[range])
    }

    private mutating func slide() {
        let kept = filled - Self.overlap
        scanWindow(upTo: kept + Self.lead)
        moveCursor(to: kept + Self.lead)
        window.copyMemory(from: bytes(kept..<filled))
        filled = Self.overlap
        (cursorOffset, reportsFrom) = (Self.lead, Self.lead)
    }

    private mutating func moveCursor(to offset: Int) {
        guard offset > cursorOffset else { return }
        cursor.advance(over: bytes(cursorOffset..<offset))
        cursorOffset = offset
    }

    // MARK: - One window

    private struct Found {
        var scanner: Int
        var match: ContentMatches.Match
        /// How many times it was encoded.
        var depth = 0
    }

    private mutating func scanWindow(upTo end: Int) {
        guard !isCut else { return }
        let whole = bytes(0..<filled)
        var all = look(at: whole, upTo: end)
        let plain = all.map(\.match.secret)
        EncodedRuns.forEach(in: whole) { run in
            guard run.upperBound > reportsFrom, run.lowerBound < end else { return }
            for found in look(into: run, of: whole, base: nil, depth: 1) {
                if !plain.contains(where: found.match.secret.overlaps) { all.append(found) }
            }
        }
        all.sort { $0.match.secret.lowerBound < $1.match.secret.lowerBound }
        report(all, in: whole, upTo: end)
    }

    private mutating func look(at text: UnsafeRawBufferPointer, upTo end: Int, depth: Int = 0) -> [Found] {
        var all: [Found] = []
        for (index, scanner) in scanners.enumerated() {
            do {
                let found = try scanner.scan(text, path: pathText)
                for match in found.matches { all.append(Found(scanner: index, match: match, depth: depth)) }
                for place in found.unjudged where depth > 0 || place.offset >= reportsFrom && place.offset < end {
                    note(place.reason, "\(scanner.id): \(place.detail)")
                }
            } catch {
                note(.unreadable, "\(scanner.id) failed: \(error.message)")
            }
        }
        return all
    }

    /// What a run of base64 holds, with places in the window.
    ///
    /// - Parameter base: how `text` came of the window; nil for the window itself.
    private mutating func look(
        into run: Range<Int>, of text: UnsafeRawBufferPointer, base: TextView?, depth: Int
    ) -> [Found] {
        guard let decoded = EncodedSegment.decode(text, run) else { return [] }
        guard depth <= Self.encodings else {
            note(.tooDeep, "a text is encoded more than \(Self.encodings) times over; decode it and look at it by hand")
            return []
        }
        let view = decoded.through(base)
        return view.bytes.withUnsafeBytes { inner in
            var all = look(at: inner, upTo: inner.count, depth: depth).map { found in
                var found = found
                found.match.secret = view.original(found.match.secret)
                return found
            }
            EncodedRuns.forEach(in: inner) { all += look(into: $0, of: inner, base: view, depth: depth + 1) }
            return all.filter { !$0.match.secret.isEmpty }
        }
    }

    private mutating func report(_ all: [Found], in whole: UnsafeRawBufferPointer, upTo end: Int) {
        let secrets = all.map(\.match.secret)
        for found in all where found.match.secret.lowerBound >= reportsFrom && found.match.secret.lowerBound < end {
            guard outcome.hits.count < findingsPerFile else {
                isCut = true
                return note(
                    .tooManyFindings, "more than \(findingsPerFile) findings; the rest of the file was not judged")
            }
            outcome.hits.append(hit(found, hiding: secrets, in: whole))
        }
    }

    private mutating func hit(_ found: Found, hiding secrets: [Range<Int>], in whole: UnsafeRawBufferPointer) -> Hit {
        let (scanner, match) = (scanners[found.scanner], found.match)
        let rule = scanner.rules[match.rule]
        let excerpt = Excerpt(of: match.secret, hiding: secrets, in: whole)
        moveCursor(to: match.secret.lowerBound)
        var end = cursor
        end.advance(over: bytes(match.secret))
        let encoded = found.depth == 0 ? "" : found.depth == 1 ? " (encoded)" : " (encoded \(found.depth) times)"
        return Hit(
            rule: rule, source: scanner.id, path: path, start: cursor, end: end, snippet: excerpt.text + encoded,
            secretTag: Digest.tag(whole[match.secret]), contextTag: excerpt.contextTag, confidence: match.confidence,
            isVerified: match.isVerified,
            reach: rule.id == Reach.rule ? Reach(of: match.secret, in: whole) : .anywhere, secret: match.value,
            allowance: match.allowance ?? Allowance.find(rule.id, around: match.secret, in: whole))
    }

    private mutating func note(_ reason: CouldNotCheck.Reason, _ detail: String) {
        outcome.unchecked.append(CouldNotCheck(path: pathText, reason: reason, detail: detail))
    }
}
