import Core
import Gate

extension ActionContext {
    /// Of somebody in a session of no account.
    static func ofAda(
        roles: Set<String> = [], preview: Preview? = nil, isLocal: Bool = true,
        report: @escaping @Sendable (Progress) -> Void = { _ in }
    ) -> ActionContext {
        let session = Session(
            id: "ses_1", principalID: "prn_1", sessionClass: .standard, labels: [], started: Timestamp(seconds: 0),
            expires: Timestamp(seconds: 1))
        return ActionContext(
            principal: Principal(id: "prn_1", kind: .person, name: "Ada", roles: roles), session: session,
            preview: preview, isLocal: isLocal, report: report)
    }
}
