import Core
import Gate
import JSON

/// Something that is not known, and why: a result without its gaps would look more certain than it is.
struct Gap: Hashable {
    /// Told of one result; more are counted.
    static let most = 100

    let about: String
    let reason: String

    var json: JSON { ["about": .string(about), "reason": .string(reason)] }

    init(_ about: String, _ reason: String) {
        (self.about, self.reason) = (about.cut(to: 300), reason.cut(to: 600))
    }

    /// As an agent before this one told it; nil for what is none.
    init?(_ json: JSON) {
        guard let about = json["about"]?.string, let reason = json["reason"]?.string else { return nil }
        self.init(about, reason)
    }
}

extension [Gap] {
    /// Each once, in their order, with a word on those that are left out.
    var json: JSON {
        var seen: Set<Gap> = []
        let each = filter { seen.insert($0).inserted }
        var told = each.prefix(Gap.most).map(\.json)
        if each.count > Gap.most {
            told.append(Gap("gaps", "\(each.count - Gap.most) more are not told").json)
        }
        return .array(told)
    }
}

extension AgentTools {
    /// What a tool answers without which something can still be said: its failure is a gap, and so is that people would
    /// have to be asked first.
    /// - Throws: `cancelled` only.
    func attempt(_ tool: String, target: String, _ arguments: JSON, _ gaps: inout [Gap]) async throws -> JSON? {
        switch await look(ActionRequest(tool: tool, target: target, arguments: arguments)) {
        case .success(let answer): return answer
        case .failure(let error) where error.code == .cancelled: throw error
        case .failure(let error):
            gaps.append(Gap(tool, error.message))
            return nil
        }
    }
}

extension String {
    /// So many code points at the most, the last of them an ellipsis where something is left out.
    func cut(to most: Int) -> String {
        guard utf8.count > most, unicodeScalars.count > most else { return self }
        var out = String.UnicodeScalarView(unicodeScalars.prefix(most - 1))
        out.append("…")
        return String(out)
    }
}
