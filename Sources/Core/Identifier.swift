/// A sortable unique id with a prefix that says what it names: `act_01jd4k3v8m7qk2x9s0c5t6w8yz`.
///
/// 48 bits of milliseconds and 80 random bits (the layout of ULID), in lower-case Crockford base32, so that ids made
/// later sort later and an id can be read aloud. An id is a name, never a credential.
public enum Identifier {
    /// - Parameters:
    ///   - prefix: lower-case letters, three by custom.
    ///   - time: the id sorts by it.
    public static func make(_ prefix: String, at time: Timestamp) -> String {
        var generator = SystemRandomNumberGenerator()
        return spelled(prefix, time, generator.next())
    }

    /// The same id whenever it is made of the same: for what may be begun a second time and must not be there twice.
    ///
    /// - Parameter digest: of what it names, in place of chance: of a good hash, at least ten bytes.
    public static func make(_ prefix: String, at time: Timestamp, from digest: some Sequence<UInt8>) -> String {
        spelled(prefix, time, digest.prefix(10).reduce(0) { $0 << 8 | UInt128($1) })
    }

    private static func spelled(_ prefix: String, _ time: Timestamp, _ random: UInt128) -> String {
        let milliseconds = UInt64(clamping: time.microseconds / 1000)
        var high = (milliseconds << 16) | UInt64(UInt16(truncatingIfNeeded: random >> 64))
        var low = UInt64(truncatingIfNeeded: random)
        return String(unsafeUninitializedCapacity: prefix.utf8.count + 27) { buffer in
            var position = prefix.utf8.count + 27
            for _ in 0..<26 {
                position -= 1
                buffer[position] = alphabet[Int(low & 31)]
                low = (low >> 5) | (high << 59)
                high >>= 5
            }
            buffer[position - 1] = UInt8(ascii: "_")
            for (index, byte) in prefix.utf8.enumerated() { buffer[index] = byte }
            return buffer.count
        }
    }

    /// Whether `text` has the form of an id with this prefix; says nothing about whether the thing exists.
    public static func isValid(_ text: String, prefix: String) -> Bool {
        let bytes = text.utf8
        guard bytes.count == prefix.utf8.count + 27, text.hasPrefix(prefix + "_") else { return false }
        return bytes.suffix(26).allSatisfy(alphabet.contains)
    }

    private static let alphabet = [UInt8]("0123456789abcdefghjkmnpqrstvwxyz".utf8)
}
