/// How a package's name is looked up: the spellings that an ecosystem takes for one name are one.
enum PackageName {
    static func key(_ name: String, in ecosystem: String) -> String {
        switch Ecosystems.base(ecosystem) {
        case "PyPI": python(name)
        case "NuGet", "Packagist", "Hex", "Pub", "SwiftURL": name.lowercased()
        default: name
        }
    }

    /// PEP 503: in lower case, with one hyphen for each run of `-`, `_` and `.`.
    static func python(_ name: String) -> String {
        var out: [UInt8] = []
        for byte in name.lowercased().utf8 {
            let isMark = byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
            if isMark, out.last == UInt8(ascii: "-") { continue }
            out.append(isMark ? UInt8(ascii: "-") : byte)
        }
        return String(decoding: out, as: UTF8.self)
    }
}
