import JSON

/// An approval request as text: a table's row, and the page an approver reads before deciding.
enum ApprovalText {
    static func row(_ approval: JSON) -> [String] {
        ["id", "effect", "tool", "target", "requester", "expires"].map { approval[$0]?.string ?? "" }
    }

    static func page(_ approval: JSON) -> String {
        let preview = approval["preview"] ?? [:]
        var lines = [
            "\(approval["id"]?.string ?? "") · \(approval["state"]?.string ?? "")",
            "  tool      \(approval["tool"]?.string ?? "") (\(approval["effect"]?.string ?? ""))",
            "  target    \(approval["target"]?.string ?? "")",
            "  asked by  \(approval["requester"]?.string ?? "")",
            "  reason    \(approval["reason"]?.string ?? "none given")",
            "  expires   \(approval["expires"]?.string ?? "")",
            "  binding   \(approval["binding"]?.string ?? "")",
            "  would     \(preview["summary"]?.string ?? "")",
            "  undo      \(preview["undo"]?["summary"]?.string ?? "there is none")",
        ]
        if let diff = preview["diff"]?.string, !diff.isEmpty { lines += ["", diff] }
        return lines.map(Plain.text).joined(separator: "\n") + "\n"
    }
}
