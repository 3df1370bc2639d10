import Core
import Gate
import JSON
import Ledger

/// How things of the house look to people: chips, ages, short hashes, coloured diffs. All values are plain text;
/// templates escape.
enum Shown {
    typealias Values = [String: Any]

    // MARK: - Chips

    static func chip(_ severity: Severity) -> Values {
        chip(severity.rawValue, "s-\(severity.rawValue)", severity.rawValue)
    }

    static func chip(_ effect: Effect) -> Values {
        let shape =
            switch effect {
            case .read: "s-read"
            case .reveal: "s-info"
            case .change: "s-change"
            case .destroy: "s-high"
            }
        return chip(effect.rawValue, shape, effect.rawValue)
    }

    static func chip(_ state: ActionRecord.State) -> Values { stateChip(state.rawValue) }
    static func chip(_ state: Approval.State) -> Values { stateChip(state.rawValue) }

    /// By the word for a state or a verdict, whoever uses it.
    static func stateChip(_ word: String) -> Values {
        let shape =
            switch word {
            case "done", "approved", "consumed", "allow", "active", "verified": "s-yes"
            case "failed", "denied", "deny", "refused", "broken": "s-no"
            case "waiting", "ask", "expired": "s-wait"
            case "performing", "intent": "s-run"
            case "unknown": "s-unknown"
            default: "s-info"
            }
        let kind = ["allow": "done", "deny": "denied", "ask": "waiting", "intent": "performing"][word] ?? word
        return chip(kind, shape, word == "consumed" ? "performed" : word)
    }

    static func chip(_ kind: String, _ shape: String, _ word: String) -> Values {
        ["kind": kind, "shape": shape, "word": word]
    }

    // MARK: - Times and numbers

    static func time(_ time: Timestamp, at now: Timestamp) -> Values {
        ["iso": String(time.description.prefix(19)) + "Z", "ago": age(of: time, at: now)]
    }

    static func age(of time: Timestamp, at now: Timestamp) -> String {
        let seconds = (now - time).components.seconds
        let away = abs(seconds)
        let text =
            switch away {
            case 86_400...: "\(away / 86_400) d"
            case 3600...: "\(away / 3600) h"
            case 60...: "\(away / 60) min"
            default: "\(away) s"
            }
        return seconds >= 0 ? "\(text) ago" : "in \(text)"
    }

    /// With thin gaps between thousands: `1 234 567`.
    static func number(_ value: some BinaryInteger) -> String {
        let digits = Array(String(value))
        var out = ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place).isMultiple(of: 3), digits[place - 1] != "-" { out += "\u{202F}" }
            out.append(digit)
        }
        return out
    }

    static func money(_ millionths: Int64) -> String {
        let cents = (millionths + 5000) / 10_000
        var out: [UInt8] = []
        out.appendDecimal(Int(cents % 100).magnitude.asInt, width: 2)
        return "$\(number(cents / 100)).\(String(decoding: out, as: UTF8.self))"
    }

    /// Of single calls, which cost less than a cent: five digits after the point.
    static func cost(_ millionths: Int64) -> String {
        guard millionths > 0, millionths < 1_000_000 else { return money(millionths) }
        let digits = String(millionths)
        return "$0." + String(repeating: "0", count: 6 - digits.count) + digits.prefix(max(1, digits.count - 1))
    }

    static func amount(_ value: Int64, of meter: Meter) -> String { meter == .money ? money(value) : number(value) }

    static func short(_ hash: String) -> String { hash.count > 12 ? "\(hash.prefix(12))…" : hash }

    static func count(_ count: Int, _ singular: String, _ plural: String) -> String {
        "\(number(count)) \(count == 1 ? singular : plural)"
    }

    // MARK: - Texts

    /// Nil for nothing to show.
    static func pretty(_ value: JSON?) -> String? {
        guard let value, !value.isNull, value.object?.isEmpty != true else { return nil }
        return value.text(pretty: true)
    }

    /// A unified diff, line by line. The sign at the start of a line says the same as its colour.
    static func diff(_ text: String) -> Values {
        let whole = text.hasSuffix("\n") ? text.dropLast() : text[...]
        let lines = whole.split(separator: "\n", omittingEmptySubsequences: false).prefix(5000)
        let shown = lines.map { line -> Values in ["kind": diffKind(line), "text": line.isEmpty ? " " : String(line)] }
        return ["any": !text.isEmpty, "lines": text.isEmpty ? [] : shown]
    }

    private static func diffKind(_ line: Substring) -> String {
        if line.hasPrefix("+++") || line.hasPrefix("---") || line.hasPrefix("diff ") { return "meta" }
        switch line.utf8.first {
        case UInt8(ascii: "+"): return "add"
        case UInt8(ascii: "-"): return "del"
        case UInt8(ascii: "@"): return "hunk"
        default: return "same"
        }
    }

    static func budgets(_ standing: [BudgetStanding], at now: Timestamp) -> [Values] {
        standing.map { one in
            let whole = Double(max(1, one.limit))
            let share = min(100, Double(one.spent) / whole * 100)
            let held = min(100, Double(one.spent + one.reserved) / whole * 100)
            var out: Values = [
                "name": one.holder.map { "\(one.budget) · \($0)" } ?? one.budget,
                "spent": amount(one.spent, of: one.meter),
                "limit": amount(one.limit, of: one.meter), "percent": Int(share), "share": share, "held": held,
                "fill": share >= 90 ? "fill-over" : "fill-accent",
            ]
            var notes: [String] = []
            if one.reserved > 0 { notes.append("\(amount(one.reserved, of: one.meter)) reserved") }
            if let resets = one.resets, resets > now, one.meter != .callsPerMinute {
                notes.append("begins anew \(age(of: resets, at: now))")
            }
            if !notes.isEmpty { out["note"] = notes.joined(separator: " · ") }
            return out
        }
    }
}

extension UInt {
    fileprivate var asInt: Int { Int(clamping: self) }
}
