import JSON

/// Shares as people and machines read them.
enum Figures {
    /// With two decimals; a dash where there is nothing to have a share of.
    static func percent(_ share: Double?) -> String {
        guard let share, share.isFinite else { return "–" }
        let hundredths = Int((share * 10_000).rounded())
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) %"
    }

    static func json(_ share: Double?) -> JSON { share.flatMap { JSON($0) } ?? .null }
}
