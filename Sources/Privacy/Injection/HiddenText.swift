/// Characters that a person does not see and a model reads.
enum HiddenText {
    static func reasons(in text: UnsafeRawBufferPointer) -> [InjectionAssessment.Reason] {
        var runs = Runs()
        var index = 0
        while index < text.count {
            let byte = text[index]
            guard byte >= 0xe2, let (scalar, length) = UTF8Reader.scalar(text, at: index) else {
                if byte > 0x20 { runs.end() }
                index += 1
                continue
            }
            runs.read(scalar, index..<(index + length))
            index += length
        }
        runs.end()
        return runs.reasons
    }

    private enum Kind { case tag, invisible, override }

    private struct Runs {
        var reasons: [InjectionAssessment.Reason] = []
        private var count = 0
        private var kind: Kind?
        private var range = 0..<0

        mutating func read(_ scalar: UInt32, _ place: Range<Int>) {
            guard let kind = HiddenText.kind(scalar) else { return end() }
            if kind != self.kind {
                end()
                (self.kind, range) = (kind, place)
            }
            range = range.lowerBound..<place.upperBound
            count += 1
        }

        /// Flags of regions are made of five or six tags after a black flag, and emoji are joined by single joiners.
        mutating func end() {
            defer { (count, kind) = (0, nil) }
            switch kind {
            case .tag where count > 7: add(0.8)
            case .invisible where count > 3: add(0.5)
            case .override: add(0.4)
            default: break
            }
        }

        private mutating func add(_ weight: Double) {
            reasons.append(.init(kind: .hiddenText, range: range, weight: weight))
        }
    }

    private static func kind(_ scalar: UInt32) -> Kind? {
        switch scalar {
        case 0xe0000...0xe007f, 0xe0100...0xe01ef: .tag
        case 0x200b...0x200d, 0x2060...0x2064, 0xfeff, 0xfe00...0xfe0f: .invisible
        case 0x202d, 0x202e: .override
        default: nil
        }
    }
}
