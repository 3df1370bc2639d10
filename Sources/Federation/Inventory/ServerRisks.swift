import Core
import Privacy

/// What speaks against a server as a client is set up to use it.
struct ServerRisks {
    let secrets: SecretDetector

    func risks(of server: FoundServer) -> [ServerRisk] {
        guard !server.isGate else { return [] }
        return [Self.shadow] + command(server) + address(server) + given(server) + unasked(server)
    }

    private static let shadow = ServerRisk(
        id: "mcp.shadow", severity: .medium, text: "its calls are neither decided nor recorded",
        remedy: "put it behind the gate: move its entry to mcpServers in gatehouse.yaml")

    // MARK: What is run

    private func command(_ server: FoundServer) -> [ServerRisk] {
        guard let program = server.command.first?.split(separator: "/").last.map(String.init) else { return [] }
        let arguments = Array(server.command.dropFirst())
        var risks: [ServerRisk] = []
        if let package = Package.unpinned(program, arguments) {
            risks.append(
                ServerRisk(
                    id: "mcp.unpinned", severity: .high,
                    text: "\(package) has no fixed version: what runs tomorrow is what its author publishes tonight",
                    remedy: "name an exact version, or for an image a digest"))
        }
        if Self.shells.contains(program), arguments.contains(where: { ["-c", "/c", "-Command"].contains($0) }) {
            risks.append(
                ServerRisk(
                    id: "mcp.shell", severity: .high, text: "it is started by a shell's command line",
                    remedy: "start the program itself, with its arguments in a list"))
        }
        if server.command[0].hasPrefix("/tmp/") || server.command[0].hasPrefix("/var/tmp/") {
            risks.append(
                ServerRisk(
                    id: "mcp.temporary", severity: .high, text: "the program lies where everybody may write",
                    remedy: "keep it in a folder of its owner's"))
        }
        return risks + reach(program, arguments)
    }

    private static let shells: Set<String> = ["sh", "bash", "zsh", "dash", "cmd", "cmd.exe", "powershell", "pwsh"]

    private func reach(_ program: String, _ arguments: [String]) -> [ServerRisk] {
        var risks: [ServerRisk] = []
        if arguments.contains(where: { ["/", "~", "$HOME", "${HOME}", "C:\\"].contains($0) }) {
            risks.append(
                ServerRisk(
                    id: "mcp.wide", severity: .high, text: "it is given the whole disk or home folder",
                    remedy: "give it the folders that it needs"))
        }
        guard program == "docker" || program == "podman" else { return risks }
        if let flag = arguments.first(where: { Self.escapes($0) }) {
            risks.append(
                ServerRisk(
                    id: "mcp.container", severity: .high, text: "\(flag) lets the container act on this machine",
                    remedy: "leave it out"))
        }
        return risks
    }

    private static func escapes(_ argument: String) -> Bool {
        argument == "--privileged" || argument.contains("docker.sock") || argument.hasPrefix("/:")
            || argument == "--network=host" || argument == "--net=host" || argument == "--pid=host"
    }

    // MARK: What is reached and given

    private func address(_ server: FoundServer) -> [ServerRisk] {
        guard let url = server.url else { return [] }
        var risks: [ServerRisk] = []
        if url.hasPrefix("http://"), !Self.isLocal(url) {
            risks.append(
                ServerRisk(
                    id: "mcp.plain_http", severity: .high, text: "it is spoken to without TLS", remedy: "use https"))
        }
        if let authority = url.split(separator: "/").dropFirst().first, authority.contains("@") {
            risks.append(
                ServerRisk(
                    id: "mcp.credentials_in_url", severity: .high, text: "its address holds credentials",
                    remedy: "send them in a header that comes from the environment"))
        }
        return risks
    }

    private static func isLocal(_ url: String) -> Bool {
        let host = url.dropFirst("http://".count).prefix { !"/:?#".contains($0) }
        return host == "localhost" || host.hasPrefix("127.") || url.hasPrefix("http://[::1]")
    }

    private func given(_ server: FoundServer) -> [ServerRisk] {
        let literal = server.given.filter { $0.isLiteral && isSecret($0) }.map(\.name)
        guard !literal.isEmpty else { return [] }
        return [
            ServerRisk(
                id: "mcp.secret_in_file", severity: .high,
                text: "the file holds the value of \(literal.sorted().joined(separator: ", "))",
                remedy: "rotate it, and let the file name a variable of the environment")
        ]
    }

    private func isSecret(_ given: FoundServer.Given) -> Bool {
        let name = given.name.uppercased()
        if ["TOKEN", "SECRET", "PASSWORD", "API_KEY", "APIKEY", "PRIVATE_KEY", "AUTHORIZATION"].contains(
            where: name.contains)
        {
            return true
        }
        let found = try? secrets.detect(in: Array("\(given.name)=\(given.value)".utf8))
        return found.map { !$0.matches.isEmpty } ?? true
    }

    private func unasked(_ server: FoundServer) -> [ServerRisk] {
        guard server.unasked?.isEmpty != true else { return [] }
        let what = server.unasked.map { $0.sorted().joined(separator: ", ") } ?? "all of its tools"
        return [
            ServerRisk(
                id: "mcp.unasked", severity: .medium, text: "the client calls \(what) without asking anybody",
                remedy: "take the list out; let policy say what needs nobody's word")
        ]
    }
}

/// A package or image in a command line that fetches what it runs.
private enum Package {
    /// Its name where nothing fixes its version.
    static func unpinned(_ program: String, _ arguments: [String]) -> String? {
        switch program {
        case "npx", "bunx": npm(arguments)
        case "pnpm", "yarn", "npm":
            arguments.first == "dlx" || arguments.first == "exec" ? npm(Array(arguments.dropFirst())) : nil
        case "uvx": python(arguments)
        case "uv": arguments.starts(with: ["tool", "run"]) ? python(Array(arguments.dropFirst(2))) : nil
        case "pipx": arguments.first == "run" ? python(Array(arguments.dropFirst())) : nil
        case "docker", "podman": arguments.first == "run" ? image(Array(arguments.dropFirst())) : nil
        default: nil
        }
    }

    private static func npm(_ arguments: [String]) -> String? {
        guard let package = arguments.first(where: { !$0.hasPrefix("-") }) else { return nil }
        let version = package.dropFirst().lastIndex(of: "@").map { package[package.index(after: $0)...] }
        return version?.first?.isNumber == true ? nil : package
    }

    private static func python(_ arguments: [String]) -> String? {
        let from = arguments.firstIndex(of: "--from").flatMap {
            arguments.indices.contains($0 + 1) ? arguments[$0 + 1] : nil
        }
        guard let package = from ?? arguments.first(where: { !$0.hasPrefix("-") }) else { return nil }
        let isPinned = package.contains("==") || package.contains("@") && !package.hasSuffix("@latest")
        return isPinned ? nil : package
    }

    /// Flags with a value of their own, after which the image does not stand.
    private static let valued: Set<String> = [
        "-e", "--env", "-v", "--volume", "-p", "--publish", "--name", "--network", "--mount", "-w", "--workdir", "-u",
        "--user", "--entrypoint", "--env-file",
    ]

    private static func image(_ arguments: [String]) -> String? {
        var skips = false
        for argument in arguments {
            if skips {
                skips = false
            } else if argument.hasPrefix("-") {
                skips = valued.contains(argument)
            } else {
                return argument.contains("@sha256:") ? nil : argument
            }
        }
        return nil
    }
}
