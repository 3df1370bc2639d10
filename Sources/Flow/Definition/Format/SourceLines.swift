import Config

/// The lines of a file, to tell where in it a character of a scalar stands.
struct SourceLines {
    private let bytes: [UInt8]
    private let starts: [Int]
    /// In longer lines only the scalar's own place is told: each look costs a line.
    private static let longest = 2000

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        starts = [0] + bytes.indices.filter { bytes[$0] == 0x0A }.map { $0 + 1 }
    }

    /// Where the scalar's text begins, where it stands in the file letter by letter and on one line; nil otherwise.
    func start(of scalar: RawNode.Scalar) -> Place? {
        let place = scalar.place
        guard place.line > 0, place.line <= starts.count, place.column > 0, !scalar.text.utf8.contains(0x0A) else {
            return nil
        }
        let line = bytes[starts[place.line - 1]...].prefix { $0 != 0x0A }
        guard line.count <= Self.longest, let offset = offset(of: place.column, in: line) else { return nil }
        for quote in [0, 1] where line[offset...].dropFirst(quote).starts(with: scalar.text.utf8) {
            return Place(line: place.line, column: place.column + quote)
        }
        return nil
    }

    /// The index of the byte where the character with this column begins.
    private func offset(of column: Int, in line: ArraySlice<UInt8>) -> Int? {
        var characters = 0
        for index in line.indices where line[index] & 0xC0 != 0x80 {
            characters += 1
            if characters == column { return index }
        }
        return nil
    }
}
