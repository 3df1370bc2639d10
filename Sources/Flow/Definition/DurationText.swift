extension Duration {
    /// As a file says it, in the two greatest units that it has: `1h30m`, `10m`, `500ms`.
    var inWords: String {
        var rest = components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
        var parts: [String] = []
        for (unit, length) in Self.units where rest >= length && parts.count < 2 {
            parts.append("\(rest / length)\(unit)")
            rest %= length
        }
        return parts.isEmpty ? "0s" : parts.joined()
    }

    private static let units: [(String, Int64)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]
}
