/// Code without what is none, in one pass over its bytes: comments become spaces, and so does what stands in quotes
/// where only names matter. Lines stay where they are.
enum SourceText {
    /// Of languages with `//` and `/* */`.
    static func withoutComments(_ bytes: [UInt8], keepingTexts: Bool) -> [UInt8] {
        var out = bytes
        var place = 0
        while place < bytes.count {
            let byte = bytes[place]
            let next = place + 1 < bytes.count ? bytes[place + 1] : 0
            switch byte {
            case UInt8(ascii: "/") where next == UInt8(ascii: "/"):
                place = blank(&out, from: place, to: bytes[place...].firstIndex(of: 0x0A) ?? bytes.count)
            case UInt8(ascii: "/") where next == UInt8(ascii: "*"):
                var end = place + 2
                while end < bytes.count,
                    !(bytes[end] == UInt8(ascii: "/") && bytes[end - 1] == UInt8(ascii: "*")
                        && end > place + 2)
                {
                    end += 1
                }
                place = blank(&out, from: place, to: min(bytes.count, end + 1))
            case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"):
                let end = textEnd(bytes, place)
                if !keepingTexts { _ = blank(&out, from: place + 1, to: max(place + 1, end - 1)) }
                place = end
            default: place += 1
            }
        }
        return out
    }

    /// Just past the closing quote. A text of one line that is not closed ends with its line: an apostrophe is no text.
    private static func textEnd(_ bytes: [UInt8], _ start: Int) -> Int {
        let quote = bytes[start]
        let isLong = quote == UInt8(ascii: "`")
        var place = start + 1
        while place < bytes.count {
            switch bytes[place] {
            case quote: return place + 1
            case UInt8(ascii: "\\") where !isLong || quote == UInt8(ascii: "`"): place += 2
            case 0x0A where !isLong: return start + 1
            default: place += 1
            }
        }
        return isLong ? bytes.count : start + 1
    }

    private static func blank(_ out: inout [UInt8], from start: Int, to end: Int) -> Int {
        for place in start..<end where out[place] != 0x0A { out[place] = 0x20 }
        return end
    }
}
