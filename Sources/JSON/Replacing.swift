extension JSONDocument {
    /// The document's bytes with new JSON in the place of some of its values, all else byte for byte.
    ///
    /// Of a value and one within it, or of one value given twice, the outer and the first given is replaced and the
    /// other is passed over. The new bytes are not checked. The views must be of this document.
    public func replacing(_ replacements: [(view: JSONView, bytes: [UInt8])]) -> [UInt8] {
        replacing(
            replacements.map { replacement in
                precondition(replacement.view.storage === storage, "a view of another document")
                return (replacement.view.raw, replacement.bytes)
            })
    }

    /// As above by range of the document's bytes; an empty range inserts. Ranges must lie within the document.
    public func replacing(_ replacements: [(range: Range<Int>, bytes: [UInt8])]) -> [UInt8] {
        let ordered = replacements.enumerated().sorted { left, right in
            let (first, second) = (left.element.range, right.element.range)
            if first.lowerBound != second.lowerBound { return first.lowerBound < second.lowerBound }
            // An insertion goes before the value at the same place, an outer value before an inner one.
            if first.isEmpty != second.isEmpty { return first.isEmpty }
            if first.upperBound != second.upperBound { return first.upperBound > second.upperBound }
            return left.offset < right.offset
        }
        var out = [UInt8]()
        out.reserveCapacity(bytes.count + replacements.reduce(0) { $0 + $1.bytes.count })
        var copied = 0
        for (_, replacement) in ordered where replacement.range.lowerBound >= copied {
            out += bytes[copied..<replacement.range.lowerBound]
            out += replacement.bytes
            copied = replacement.range.upperBound
        }
        out += bytes[copied...]
        return out
    }
}
