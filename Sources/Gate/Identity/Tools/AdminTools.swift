import Core
import JSON

/// The tools by which the gate itself is administered. They pass the gate like any others.
public enum AdminTools {
    public static func all(identity: Identity, sessions: Sessions) -> [any Tool] {
        [
            CreateKeyTool(identity: identity), RevokeKeyTool(identity: identity), AddPrincipalTool(identity: identity),
            RemovePrincipalTool(identity: identity), KillPrincipalTool(identity: identity),
            RevivePrincipalTool(identity: identity), EndSessionTool(sessions: sessions),
            BreakGlassTool(sessions: sessions),
            CloseReviewTool(sessions: sessions),
        ]
    }
}

/// How the arguments of these tools are described and read.
enum AdminArguments {
    static func text(_ description: String, from least: Int = 1, to greatest: Int = 120) -> JSON {
        ["type": "string", "description": JSON(description), "minLength": JSON(least), "maxLength": JSON(greatest)]
    }

    static let reason = text("Why, in words that somebody else understands.", to: 1000)
}

extension JSON {
    /// The text of a required argument.
    /// - Throws: `invalid`, naming it.
    func textArgument(_ name: String) throws -> String {
        guard let text = self[name]?.string, !text.isEmpty else {
            throw GatehouseError("gate", .invalid, "the argument \"\(name)\" is missing or is no text")
        }
        return text
    }

    func rolesArgument() throws -> Set<String> {
        guard let roles = self["roles"]?.array?.map(\.string), !roles.contains(nil) else {
            throw GatehouseError("gate", .invalid, "the argument \"roles\" is missing or is no list of texts")
        }
        return Set(roles.compactMap(\.self))
    }

    /// A number of seconds; nil where it is absent.
    func secondsArgument(_ name: String) throws -> Duration? {
        guard let value = self[name] else { return nil }
        guard let seconds = value.int, (1...Int(Int32.max)).contains(seconds) else {
            throw GatehouseError("gate", .invalid, "the argument \"\(name)\" is no whole number of seconds")
        }
        return .seconds(seconds)
    }
}

extension Principal {
    /// "deploy-bot (agent prn_…; operator, viewer)", for previews.
    var shown: String { "\(name) (\(kind.rawValue) \(id); \(rolesShown))" }

    var rolesShown: String { roles.isEmpty ? "no roles" : roles.sorted().joined(separator: ", ") }
}
