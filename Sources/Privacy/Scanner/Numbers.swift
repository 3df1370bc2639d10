/// A run of digits with what separates them, up to 40 digits.
struct NumberRun {
    var digits: [UInt8] = []
    /// Count of digits in each group, and where the group begins and ends in the text.
    var groups: [(count: Int, range: Range<Int>)] = []
    /// What stands before each group but the first: 0 for several bytes.
    var separators: [UInt8] = []

    /// How many digits come before a group.
    func offset(of group: Int) -> Int { groups[..<group].reduce(0) { $0 + $1.count } }
}

extension TextWalk {
    /// Called at a digit that no letter or digit comes before.
    mutating func number(at start: Int) {
        let before = byte(start - 1)
        if address4(at: start) { return }
        if let form = plan[.date] { date(at: start, form) }
        if let form = plan[.address] { houseNumber(at: start, form) }
        if let form = plan[.coordinates] { coordinates(at: start, form) }
        if let form = plan[.hetu] { hetu(at: start, form) }
        // Within a run that an earlier group began.
        if before == UInt8(ascii: "-") || before == 0x20 || before == UInt8(ascii: ".") || before == UInt8(ascii: "/"),
            byte(start - 2).isDigit, runEnd > start
        {
            return
        }
        let run = run(at: start)
        guard run.digits.count >= 5 else { return }
        runEnd = run.groups.last?.range.upperBound ?? start
        if plan[.phone] != nil { phone(run) }
        windows(of: run)
    }

    /// Groups of digits with at most three bytes of separators in between.
    func run(at start: Int) -> NumberRun {
        var run = NumberRun()
        var index = start
        while has(index), run.digits.count < DetectorPlan.longest, run.groups.count < 24 {
            let begin = index
            while has(index), bytes[index].isDigit, run.digits.count < DetectorPlan.longest {
                run.digits.append(bytes[index])
                index += 1
            }
            run.groups.append((index - begin, begin..<index))
            guard let next = separated(index) else { break }
            run.separators.append(next - index == 1 ? bytes[index] : 0)
            index = next
        }
        if run.separators.count >= run.groups.count { run.separators.removeLast() }
        return run
    }

    /// Where the next group begins, if what lies between are separators.
    private func separated(_ end: Int) -> Int? {
        var index = end
        while has(index), index - end < 4 {
            switch bytes[index] {
            case 0x30...0x39: return index > end ? index : nil
            case 0x20, 0x2d, 0x2e, 0x2f, 0x28, 0x29, 0x5f: index += 1
            default: return nil
            }
        }
        return nil
    }

    /// Every stretch of whole groups is tried, longest first at each place.
    private mutating func windows(of run: NumberRun) {
        var first = 0
        var offset = 0
        while first < run.groups.count {
            var total = run.digits.count - offset
            var last = run.groups.count - 1
            var taken = false
            while last >= first, !taken {
                if total < plan.numbers.count, total >= 5 {
                    taken = judge(run, first...last, offset..<(offset + total))
                }
                total -= run.groups[last].count
                last -= 1
            }
            offset += run.groups[first].count
            first += taken ? run.groups.count : 1
        }
    }

    /// Whether a detector was sure of it.
    private mutating func judge(_ run: NumberRun, _ groups: ClosedRange<Int>, _ digits: Range<Int>) -> Bool {
        let range = run.groups[groups.lowerBound].range.lowerBound..<run.groups[groups.upperBound].range.upperBound
        // A letter right after makes it part of a word.
        guard !byte(range.upperBound).isLetter || byte(range.upperBound) | 0x20 == 0x78 else { return false }
        let before = candidates.count
        run.digits.withUnsafeBufferPointer { buffer in
            let value = Digits(bytes: UnsafeBufferPointer(rebasing: buffer[digits]))
            for index in plan.numbers[digits.count] { ask(index, value, run, groups, range) }
        }
        if groups.count == 1, !isDecimal(range) {
            for index in plan.codes[digits.count] { add(range, index, confidence: 0) }
        }
        return candidates.count > before
    }

    private func isDecimal(_ range: Range<Int>) -> Bool {
        byte(range.lowerBound - 1) == UInt8(ascii: ".") && byte(range.lowerBound - 2).isDigit
    }

    private mutating func ask(
        _ index: Int, _ value: Digits, _ run: NumberRun, _ groups: ClosedRange<Int>, _ range: Range<Int>
    ) {
        guard case .number(_, let layouts, let plain, let check) = plan.detectors[index].finder else { return }
        var confidence = plain
        if groups.count > 1 {
            guard let sure = confidenceOf(layouts, plan.detectors[index].confidence, run, groups) else { return }
            confidence = sure
        } else if byte(range.lowerBound - 1) == UInt8(ascii: ".") || isFraction(range) {
            return
        }
        if confidence == 0, !mentions(index, around: range) { return }
        guard check(value) else { return }
        add(range, index, confidence: confidence, reasons: [.form, .checksum])
    }

    private func isFraction(_ range: Range<Int>) -> Bool {
        byte(range.upperBound) == UInt8(ascii: ".") && byte(range.upperBound + 1).isDigit
    }

    /// Nil where the groups are not those of the kind; single digits and pairs throughout are a disguise of any.
    private func confidenceOf(
        _ layouts: [[Int]], _ confidence: Double, _ run: NumberRun, _ groups: ClosedRange<Int>
    ) -> Double? {
        let counts = groups.map { run.groups[$0].count }
        if layouts.contains(counts) { return confidence }
        // Spelt out digit by digit, or in pairs; the checksum has to carry it.
        let total = counts.reduce(0, +)
        if counts.count >= 6, counts.allSatisfy({ $0 == 1 }) { return total >= 11 ? 0.6 : 0 }
        if counts.count >= 5, counts.allSatisfy({ $0 <= 2 }) { return total >= 13 ? 0.6 : 0 }
        if total >= 13, counts.count >= 3, counts.dropLast().allSatisfy({ $0 == counts[0] }) { return 0.5 }
        return nil
    }
}
