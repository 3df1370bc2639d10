/// Numbers between separators, of which more are greater: R's packages and Haskell's.
enum NumberedVersions {
    static func compare(
        _ a: Span<UInt8>, _ b: Span<UInt8>, separators: (UInt8, UInt8)
    ) -> VersionOrder {
        var left = PartCursor(separators.0, or: separators.1)
        var right = PartCursor(separators.0, or: separators.1)
        while true {
            switch (left.next(in: a), right.next(in: b)) {
            case (let one?, let other?):
                let order = compareParts(a.extracting(one), b.extracting(other))
                if order != .equal { return order }
            case (nil, nil): return .equal
            case (nil, _): return .less
            case (_, nil): return .greater
            }
        }
    }

    /// What is no number comes before all numbers.
    private static func compareParts(_ a: Span<UInt8>, _ b: Span<UInt8>) -> VersionOrder {
        switch (VersionBytes.isNumber(a), VersionBytes.isNumber(b)) {
        case (true, true): VersionBytes.compareNumbers(a, b)
        case (false, false): VersionBytes.compareText(a, b)
        case (true, false): .greater
        case (false, true): .less
        }
    }
}
