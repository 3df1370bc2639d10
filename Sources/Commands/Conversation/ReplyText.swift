import JSON

/// How the house's word looks on a terminal.
enum ReplyText {
    static func lines(of reply: JSON) -> [String] {
        var lines = (reply["text"]?.string ?? "").split(separator: "\n", omittingEmptySubsequences: false).map(
            String.init)
        if let table = reply["table"] {
            let rows = (table["rows"]?.array ?? []).map { ($0.array ?? []).map { $0.string ?? "" } }
            let columns = (table["columns"]?.array ?? []).compactMap(\.string).map {
                String($0.uppercased().map { $0 == "_" ? " " : $0 })
            }
            if !rows.isEmpty {
                lines += Table(columns: columns, rows: rows).text.split(separator: "\n").map(String.init)
            }
            if let total = table["total"]?.int, total > rows.count { lines.append("… and \(total - rows.count) more") }
        }
        if let approval = reply["approval"]?.string { lines.append("next: gatehouse approve \(approval) --reason …") }
        if let run = reply["run"]?.string { lines.append("see: gatehouse workflow status \(run)") }
        let suggestions = (reply["suggestions"]?.array ?? []).compactMap(\.string)
        if !suggestions.isEmpty {
            lines.append("you may say: " + suggestions.map { "“\($0)”" }.joined(separator: ", "))
        }
        return lines.map(Plain.text)
    }
}
