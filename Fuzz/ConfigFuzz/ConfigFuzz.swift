import Config

/// What must hold of any bytes given as a configuration: it loads or is refused with a reason, within the reader's
/// bounds, and what came from the environment shows nowhere. libFuzzer calls this; a broken promise ends the process.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzConfig(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    do {
        let config = try ConfigFile.parse(bytes, file: "gatehouse.yaml", schema: schema, options: options)
        require(config.root["server"]?["workers"]?.int != nil, "a default is always there")
        require(!"\(config.warnings)".contains(canary), "a warning shows no value")
        if case .secret = config.root["server"]?["token"]?.value {
            require(!"\(config.root["server"]?["token"] as Any)".contains(canary), "a secret does not print")
        }
    } catch {
        let text = "\(error)"
        require(!text.isEmpty, "a refusal has a reason")
        require(!text.contains(canary), "a refusal shows no value")
    }
    return 0
}

private let canary = "d41d8cd98f00b204"

private let options: ConfigFile.Options = {
    var options = ConfigFile.Options()
    options.environment = { $0 == "CANARY" ? canary : nil }
    options.limits.nodes = 5000
    // No reference leads into this machine's files.
    options.limits.secretFileBytes = 0
    return options
}()

private let schema = ConfigSchema(
    title: "Fuzz",
    sections: [
        Field(
            "server",
            .object([
                Field("workers", .int(1...64), "Threads.", default: 4),
                Field("console", .bool, "Pages.", default: true),
                Field("listen", .string, "Address."), Field("body", .bytes, "Size."), Field("wait", .duration, "Time."),
                Field("budget", .money, "Money."), Field("issuer", .url, "Address."),
                Field("token", .secret, "Secret."),
                Field("level", .enumeration(["low", "high"]), "Level."), Field("labels", .list(of: .string), "Labels."),
            ]), "Server.", default: [:]),
        Field(
            "agents",
            .map(
                of: .oneOf([
                    .object([Field("model", .string, "Model.", required: true)]),
                    .object([Field("models", .list(of: .string), "Models.", required: true)]),
                ])), "Agents.", default: [:]),
    ])

private func require(_ condition: Bool, _ promise: StaticString) {
    precondition(condition, "\(promise)")
}
