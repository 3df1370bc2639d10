/// Text from anywhere as other systems may show it.
package enum PlainText {
    private static let ellipsis: Unicode.Scalar = "…"

    /// On one line: whatever breaks or controls a line is a space.
    package static func line(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where !turns(scalar) {
            let breaks = isControl(scalar) || scalar.value == 0x2028 || scalar.value == 0x2029
            out.append(breaks ? " " : scalar)
        }
        while out.last == " " { out.removeLast() }
        return String(String(out).drop { $0 == " " })
    }

    /// With its lines, which end in a line feed; other control characters are left out.
    package static func lines(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        var last: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            defer { last = scalar }
            if scalar == "\r" || scalar == "\n" && last != "\r" { out.append("\n") }
            guard !turns(scalar), scalar == "\t" || !isControl(scalar) else { continue }
            out.append(scalar)
        }
        return String(out)
    }

    /// At most so many code points; where something is missing, an ellipsis is the last.
    package static func cut(_ text: String, to limit: Int) -> String {
        let scalars = text.unicodeScalars
        guard limit > 0, scalars.count > limit else { return text }
        var out = String.UnicodeScalarView(scalars.prefix(limit - 1))
        out.append(ellipsis)
        return String(out)
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
    }

    /// Characters by which a text can be made to read otherwise than it is written (UAX #9, explicit directions).
    private static func turns(_ scalar: Unicode.Scalar) -> Bool {
        (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
    }
}
