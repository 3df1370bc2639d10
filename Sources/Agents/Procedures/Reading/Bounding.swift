import JSON

extension [JSON] {
    /// The first of them that together have so many bytes at the most: what one agent gives, another one takes, and an
    /// input is bounded.
    func fitting(bytes most: Int) -> [JSON] {
        var left = most
        var kept: [JSON] = []
        for element in self {
            left -= element.bytes().count + 1
            guard left >= 0 else { break }
            kept.append(element)
        }
        return kept
    }
}
