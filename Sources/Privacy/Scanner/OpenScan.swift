import Core
import Matching

/// What is known of a text of which more will come.
struct OpenScan {
    var candidates: [Candidate] = []
    /// Nothing before it can change.
    var openFrom = Int.max
    /// The first place that is open in itself, without what it might take along.
    var openAt = Int.max
    /// Where a private key begins that has not ended.
    var keyFrom: Int?
    /// What must be kept for the next look.
    var keepFrom = Int.max
    /// States of the walk from which it can go on.
    var states: [WalkState] = []
    /// How many of the candidates, the first ones, are the walk's.
    var walked = 0

    /// The last state at or before a place from which everything is found again that reaches beyond the place.
    func state(before place: Int) -> WalkState? {
        let first = candidates.prefix(walked).firstIndex { $0.range.upperBound > place } ?? walked
        return states.last { $0.index <= place && $0.found <= first }
    }

    /// Notes what is open: its own place, and how far back it may begin.
    mutating func note(open place: Int, reaching start: Int) {
        openAt = min(openAt, place)
        openFrom = min(openFrom, start)
    }
}

extension PrivacyScanner {
    /// - Parameters:
    ///   - state: where an earlier look at a shorter text left off.
    ///   - far: how many bytes to hold back where a secret is announced long before it comes.
    func openScan(
        _ bytes: UnsafeRawBufferPointer, from state: WalkState, ignoringURLs: Bool, far: Int
    ) throws(GatehouseError) -> OpenScan {
        var scan = OpenScan()
        let open = try lookOpen(at: bytes, from: state, OpenEnd(ignoresURLs: ignoringURLs), &scan, far)
        if let open { scan.noteWalk(open, bytes) }
        var collector = ViewCollector()
        guard collector.collect(bytes, through: nil, depth: 0, isOpenEnded: true) else {
            throw PrivacyScanner.tooDisguised
        }
        scan.note(open: collector.openFrom, reaching: collector.openFrom)
        for (view, isOpenEnded) in zip(collector.views, collector.areOpenEnded) {
            try lookOpen(at: view, isOpenEnded, bytes, &scan, OpenEnd(ignoresURLs: ignoringURLs), far)
        }
        return scan
    }

    /// The same with the end in sight.
    func closingScan(_ bytes: UnsafeRawBufferPointer, from state: WalkState) throws(GatehouseError) -> [Candidate] {
        var walk = TextWalk(bytes, plan, limit: limits.findings)
        _ = try walk.run(from: state)
        return try candidates(in: bytes, walked: walk)
    }

    private func lookOpen(
        at view: TextView, _ isOpenEnded: Bool, _ bytes: UnsafeRawBufferPointer, _ scan: inout OpenScan,
        _ end: OpenEnd, _ far: Int
    ) throws(GatehouseError) {
        var inner = OpenScan()
        let open = try view.bytes.span.bytes.withUnsafeBytes { (buffer) throws(GatehouseError) in
            try lookOpen(at: buffer, from: WalkState(), end, &inner, far)
        }
        scan.candidates += inner.candidates.map { candidate in
            var candidate = candidate
            candidate.range = view.original(candidate.range)
            candidate.reasons.append(.disguised)
            return candidate
        }
        guard candidatesFit(scan) else { throw PrivacyScanner.tooMany(limits.findings) }
        guard isOpenEnded else { return }
        func original(_ place: Int) -> Int {
            place < view.bytes.count ? view.original(place..<(place + 1)).lowerBound : bytes.count
        }
        if let open {
            scan.noteWalk(original(open), bytes)
            // A word that reads as one may begin before the last blank of the text as it came.
            view.bytes.withUnsafeBytes { scan.noteWalk(open, $0, original) }
        }
        if inner.openFrom < .max { scan.note(open: original(inner.openFrom), reaching: original(inner.openFrom)) }
        if inner.keepFrom < .max { scan.keepFrom = min(scan.keepFrom, original(inner.keepFrom)) }
        if let key = inner.keyFrom { scan.keyFrom = min(scan.keyFrom ?? .max, original(key)) }
    }

    private func candidatesFit(_ scan: OpenScan) -> Bool { scan.candidates.count <= limits.findings }

    /// - Returns: the first step of the walk that wanted to read on.
    private func lookOpen(
        at bytes: UnsafeRawBufferPointer, from state: WalkState, _ end: OpenEnd, _ scan: inout OpenScan, _ far: Int
    ) throws(GatehouseError) -> Int? {
        var walk = TextWalk(bytes, plan, limit: limits.findings, openEnd: end)
        let (states, open) = try walk.run(from: state)
        scan.states = states
        scan.walked = walk.candidates.count
        if plan[.person] != nil {
            try phrases.scan(bytes, limit: limits.findings) { match in
                end.isTouched = false
                walk.introduced(at: match.end)
                if end.isTouched { scan.note(open: match.end, reaching: match.end) }
                return .proceed
            }
        }
        scan.candidates = walk.candidates
        if let secrets, let index = plan.secrets {
            let (found, open) = try secrets.detectOpen(in: bytes)
            try add(found, index, &scan.candidates)
            for secret in open { scan.add(secret, count: bytes.count, far) }
        }
        if !custom.isEmpty { scan.candidates += try custom.candidatesOpen(in: bytes, &scan) }
        return open
    }
}

extension OpenScan {
    fileprivate mutating func add(_ secret: OpenSecret, count: Int, _ far: Int) {
        keepFrom = min(keepFrom, secret.anchor)
        let start = secret.isFarFromAnchor ? max(secret.start, count - far) : secret.start
        note(open: start, reaching: start)
        if secret.isPrivateKey { keyFrom = min(keyFrom ?? .max, secret.start) }
    }

    /// What is found at a place may take along what stands together with it, and the word before.
    fileprivate mutating func noteWalk(
        _ place: Int, _ bytes: UnsafeRawBufferPointer, _ original: (Int) -> Int = { $0 }
    ) {
        let start = OpenScan.wordStart(bytes, place, 64)
        note(open: original(start), reaching: original(OpenScan.wordBefore(bytes, start)))
    }

    static func wordStart(_ bytes: UnsafeRawBufferPointer, _ place: Int, _ longest: Int) -> Int {
        var start = place
        while start > 0, place - start < longest, bytes[start - 1] > 0x20 { start -= 1 }
        return start
    }

    /// The start of the word before a place.
    private static func wordBefore(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Int {
        var blank = place
        while blank > 0, place - blank < 128, bytes[blank - 1] <= 0x20 { blank -= 1 }
        return wordStart(bytes, blank, 96)
    }

    /// Where the last words of a text begin, the one that is not complete included.
    static func lastWords(_ bytes: UnsafeRawBufferPointer, _ count: Int) -> Int {
        var start = bytes.count
        for _ in 0..<count {
            while start > 0, !bytes[start - 1].isWord { start -= 1 }
            while start > 0, bytes[start - 1].isWord { start -= 1 }
        }
        return start
    }

    /// What comes next may take along what stands at the end, the word before it (`jane (at) example.org`), and a row of
    /// single characters (`j a n e`).
    static func tail(_ bytes: UnsafeRawBufferPointer, longest: Int) -> Int {
        let last = wordStart(bytes, bytes.count, 96)
        var start = wordBefore(bytes, last)
        let isSingle = bytes.count - last <= 1 && last - start <= 3
        while isSingle, start > 1, bytes[start - 1] == 0x20, SpacedRun.isSingle(bytes, start - 2),
            bytes.count - start < longest
        { start -= 2 }
        while bytes.count - start < longest, let word = wordBeforeSign(bytes, start) { start = word }
        return start
    }

    /// The start of the word that a spelt sign joins to what stands here: of `jane` in `jane (at) example`.
    private static func wordBeforeSign(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Int? {
        var end = place
        while end > 0, place - end < 128, bytes[end - 1] == 0x20 { end -= 1 }
        guard end > 3, bytes[end - 1] == UInt8(ascii: ")") || bytes[end - 1] == UInt8(ascii: "]") else { return nil }
        for count in [4, 5] where end >= count && SpelledSign.read(bytes, at: end - count)?.end == end {
            return wordBefore(bytes, end - count)
        }
        return nil
    }
}
