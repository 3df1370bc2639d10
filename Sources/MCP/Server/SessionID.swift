import Core

/// Names that cannot be guessed: 192 random bits in the URL alphabet of base64, all of it visible ASCII.
enum SessionID {
    static func make() -> String {
        var random = SystemRandomNumberGenerator()
        return Base64.encode((0..<24).map { _ in UInt8.random(in: 0...255, using: &random) }, .url)
    }
}
