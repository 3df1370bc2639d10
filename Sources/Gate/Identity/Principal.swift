/// Who acts: a person, an agent, a service or a pipeline.
public struct Principal: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case person, agent, service, pipeline
    }

    /// Stable and unique: `prn_…` for those kept in the store, `local:UID` for a user of this machine, `ISSUER#SUBJECT`
    /// for a token's.
    public let id: String
    public let kind: Kind
    public let name: String
    /// What policy grants by: `viewer`, `developer`, `operator`, `security_lead`, `admin`, or the organisation's own.
    public let roles: Set<String>

    public init(id: String, kind: Kind, name: String, roles: Set<String>) {
        self.id = id
        self.kind = kind
        self.name = name
        self.roles = roles
    }
}
