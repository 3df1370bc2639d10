import JSON

/// Fixes as text for a person.
struct FixText {
    let color: Bool

    func page(_ shown: JSON) -> String {
        let fixes = shown["fixes"]?.array ?? []
        let unfixed = shown["not_fixed"]?.array ?? []
        var text = fixes.map(fix).joined(separator: "\n")
        if fixes.isEmpty { text += "There is nothing that is fixed by a change that is certain.\n" }
        if !unfixed.isEmpty {
            text += "\n\(unfixed.count) finding\(unfixed.count == 1 ? "" : "s") left to you:\n"
            for entry in unfixed {
                let place = "\(entry["path"]?.string ?? "") \(entry["rule"]?.string ?? "")"
                text += Plain.text("  \(place): \(entry["reason"]?.string ?? "")") + "\n"
            }
        }
        return text
    }

    private func fix(_ fix: JSON) -> String {
        let count = fix["findings"]?.array?.count ?? 1
        var lines = [paint("1", Plain.text(fix["title"]?.string ?? ""))]
        let subject = "\(fix["rule"]?.string ?? "") (\(fix["severity"]?.string ?? "")) \(fix["finding"]?.string ?? "")"
        lines.append(Plain.text("  takes away  \(subject)\(count > 1 ? " and \(count - 1) more" : "")"))
        lines.append(Plain.text("  proof       \(fix["proof"]?["words"]?.string ?? "")"))
        for risk in fix["risks"]?.array ?? [] { lines.append(Plain.text("  may break   \(risk.string ?? "")")) }
        for step in fix["steps"]?.array ?? [] { lines.append(Plain.text("  left to do  \(step.string ?? "")")) }
        let diff = (fix["diff"]?.string ?? "").split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .dropLast()
        return (lines + [""] + diff.map { self.line(String($0)) }).joined(separator: "\n") + "\n"
    }

    private func line(_ line: String) -> String {
        let plain = Plain.text(line)
        switch line.first {
        case "+": return paint(line.hasPrefix("+++") ? "1" : "32", plain)
        case "-": return paint(line.hasPrefix("---") ? "1" : "31", plain)
        case "@": return paint("36", plain)
        default: return plain
        }
    }

    private func paint(_ code: String, _ text: String) -> String { color ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }

    /// What became of an action, and what comes next.
    static func tell(_ result: JSON) {
        let action = result["action_id"]?.string ?? "the action"
        if result["state"]?.string == "waiting" {
            let approval = result["approval"]?["id"]?.string ?? ""
            Terminal.say("\(action) waits for an approval: \(approval)")
            return Terminal.say("  next: somebody else runs: gatehouse approve \(approval) --reason …")
        }
        let answer = result["answer"] ?? [:]
        if let branch = answer["branch"]?.string {
            Terminal.say("\(action): committed to the branch \(Plain.text(branch)), \(answer["commit"]?.string ?? "")")
            Terminal.say(Plain.text("  title: \(answer["title"]?.string ?? "")"))
        } else {
            let files = answer["files"]?.array?.count ?? 0
            Terminal.say("\(action): \(files) file\(files == 1 ? "" : "s") changed")
        }
        Terminal.say("  back: gatehouse undo \(action)")
    }
}
