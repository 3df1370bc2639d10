public import Core

/// What nobody can switch off: `change` and `destroy` are recorded, and are approved where policy asks for it.
///
/// Other systems have a switch for that under one name or another. Here the name is refused, with the reason,
/// wherever it is met: in configuration, on a command line, in a request for a session.
public enum Guardrails {
    private static let switches: Set<String> = [
        "yolo", "yolomode", "automode", "autorun", "unattended", "godmode",
        "autoapprove", "autoapproveall", "autoapproval", "alwaysapprove", "approveall", "allowall", "noapproval",
        "noapprovals",
        "skipapproval", "skipapprovals", "disableapproval", "disableapprovals", "dangerouslyskippermissions",
        "skippermissions",
        "bypasspermissions", "bypassapproval", "bypassapprovals", "bypassgate", "trustalltools",
        "nolog", "nologging", "norecord", "norecording", "noledger", "noaudit", "skipledger", "disableledger",
        "disablelogging",
        "disablerecording", "disableaudit",
    ]
    /// Settings that exist, with the values that would switch them off.
    private static let values: [String: Set<String>] = [
        "approval": ["never", "off", "false", "disabled", "no", "skip", "yolo"],
        "approvals": ["never", "off", "false", "disabled", "no", "none", "skip", "yolo"],
        "logging": ["never", "off", "false", "disabled", "no", "none"],
        "recording": ["never", "off", "false", "disabled", "no", "none", "optional"],
        "ledger": ["never", "off", "false", "disabled", "no", "none"],
        "mode": ["yolo", "auto", "unattended", "bypass"],
    ]

    /// The refusal of a setting, flag or mode that would turn approval or recording off; nil for any other name.
    /// - Parameters:
    ///   - name: as it was written: `yolo`, `--yolo`, `auto_approve`.
    ///   - value: what it was set to, where it was set to something.
    public static func refusal(of name: String, value: String? = nil) -> GatehouseError? {
        let plainName = plain(name)
        let switchedOff = value.map { values[plainName]?.contains(plain($0)) ?? false } ?? false
        guard switches.contains(plainName) || switchedOff else { return nil }
        let shown = value.map { "\(name.prefix(60)): \($0.prefix(60))" } ?? String(name.prefix(60))
        return GatehouseError(
            "gate", .denied, "\"\(shown)\" is refused: nothing turns approval or recording off for change and destroy",
            cause: "an action that nobody agreed to and nothing recorded can be neither explained nor undone",
            hint: "allow what is routine by a rule, or use break-glass, which demands a reason and is reviewed")
    }

    /// - Throws: `denied` when ``refusal(of:value:)`` has one.
    public static func refuse(_ name: String, value: String? = nil) throws {
        if let refusal = refusal(of: name, value: value) { throw refusal }
    }

    private static func plain(_ name: String) -> String {
        String(
            decoding: name.lowercased().utf8.filter { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) },
            as: UTF8.self)
    }
}
