/// Numbers out of bytes that may end anywhere: what is not there is nil.
struct BinaryReader: Sendable {
    let bytes: [UInt8]
    var isLittleEndian = true

    var count: Int { bytes.count }

    func int8(_ at: Int) -> Int? { at >= 0 && at < bytes.count ? Int(bytes[at]) : nil }

    func int16(_ at: Int) -> Int? { number(at, 2) }

    func int32(_ at: Int) -> Int? { number(at, 4) }

    /// Nil where they do not all lie within.
    func slice(_ at: Int, _ length: Int) -> ArraySlice<UInt8>? {
        guard at >= 0, length >= 0, at <= bytes.count, length <= bytes.count - at else { return nil }
        return bytes[at..<at + length]
    }

    func starts(with mark: some Collection<UInt8>, at: Int = 0) -> Bool {
        slice(at, mark.count)?.elementsEqual(mark) ?? false
    }

    private func number(_ at: Int, _ width: Int) -> Int? {
        guard let field = slice(at, width) else { return nil }
        return (isLittleEndian ? Array(field.reversed()) : Array(field)).reduce(0) { $0 << 8 | Int($1) }
    }
}
