/// How references are written.
enum RefText {
    /// `data.app.allow`, `input["a-b"]`: names after dots where the grammar lets them stand there.
    static func of(_ path: [String]) -> String {
        path.isEmpty ? "" : path[0] + path.dropFirst().map(step).joined()
    }

    /// `.allow`, `["a-b"]`
    static func step(_ name: String) -> String {
        if isName(name) { return ".\(name)" }
        var text = "["
        RegoValue.quote(name, to: &text)
        return text + "]"
    }

    private static func isName(_ step: String) -> Bool {
        guard let first = step.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return !Parser.reserved.contains(step)
            && step.utf8.allSatisfy { byte in
                let letter = byte | 0x20
                return (0x61...0x7A).contains(letter) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
            }
    }
}
