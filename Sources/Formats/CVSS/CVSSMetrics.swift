import Core

/// The metrics of one vector, checked against their version.
struct CVSSMetrics {
    let values: [String: String]

    /// `A:X/B:Y`, in any order, each once.
    init(_ text: Substring, of version: CVSS.Version) throws(GatehouseError) {
        let table = Self.tables[version] ?? Table("", "")
        var values: [String: String] = [:]
        for field in text.split(separator: "/", omittingEmptySubsequences: false) {
            guard let colon = field.firstIndex(of: ":") else {
                throw CVSS.invalid("\"\(field.prefix(32))\" is no metric")
            }
            let (name, value) = (String(field[..<colon]), String(field[field.index(after: colon)...]))
            guard let known = table.values[name] else { throw CVSS.invalid("unknown metric \(name.prefix(32))") }
            guard known.contains(value) else { throw CVSS.invalid("\(name) has no value \(value.prefix(32))") }
            guard values.updateValue(value, forKey: name) == nil else { throw CVSS.invalid("\(name) is there twice") }
        }
        for name in table.mandatory where values[name] == nil { throw CVSS.invalid("\(name) is missing") }
        self.values = values
    }

    /// What the metric says; nil where it is absent or said to be undefined.
    subscript(_ name: String) -> String? {
        guard let value = values[name], value != "X", value != "ND" else { return nil }
        return value
    }

    /// The modified metric, or the base metric where it is not modified.
    func effective(_ name: String) -> String? { self["M" + name] ?? self[name] }

    func hasAny(_ names: [String]) -> Bool { names.contains { self[$0] != nil } }

    private struct Table {
        var mandatory: [String] = []
        var values: [String: Set<String>] = [:]

        /// `AV:N,A AC:L,H` each.
        init(_ mandatory: String, _ optional: String) {
            for field in mandatory.split(separator: " ") { self.mandatory.append(add(field)) }
            for field in optional.split(separator: " ") { _ = add(field) }
        }

        private mutating func add(_ field: Substring) -> String {
            let parts = field.split(separator: ":")
            let name = String(parts.first ?? "")
            values[name] = Set((parts.last ?? "").split(separator: ",").map(String.init))
            return name
        }
    }

    private static let three = Table(
        "AV:N,A,L,P AC:L,H PR:N,L,H UI:N,R S:U,C C:H,L,N I:H,L,N A:H,L,N",
        "E:X,H,F,P,U RL:X,U,W,T,O RC:X,C,R,U CR:X,H,M,L IR:X,H,M,L AR:X,H,M,L MAV:X,N,A,L,P MAC:X,L,H MPR:X,N,L,H "
            + "MUI:X,N,R MS:X,U,C MC:X,H,L,N MI:X,H,L,N MA:X,H,L,N")

    private static let tables: [CVSS.Version: Table] = [
        .v2: Table(
            "AV:L,A,N AC:H,M,L Au:M,S,N C:N,P,C I:N,P,C A:N,P,C",
            "E:U,POC,F,H,ND RL:OF,TF,W,U,ND RC:UC,UR,C,ND CDP:N,L,LM,MH,H,ND TD:N,L,M,H,ND CR:L,M,H,ND IR:L,M,H,ND "
                + "AR:L,M,H,ND"),
        .v30: three, .v31: three,
        .v4: Table(
            "AV:N,A,L,P AC:L,H AT:N,P PR:N,L,H UI:N,P,A VC:H,L,N VI:H,L,N VA:H,L,N SC:H,L,N SI:H,L,N SA:H,L,N",
            "E:X,A,P,U CR:X,H,M,L IR:X,H,M,L AR:X,H,M,L MAV:X,N,A,L,P MAC:X,L,H MAT:X,N,P MPR:X,N,L,H MUI:X,N,P,A "
                + "MVC:X,H,L,N MVI:X,H,L,N MVA:X,H,L,N MSC:X,H,L,N MSI:X,S,H,L,N MSA:X,S,H,L,N S:X,N,P AU:X,N,Y R:X,A,U,I "
                + "V:X,D,C RE:X,L,M,H U:X,Clear,Green,Amber,Red"),
    ]
}
