import ArgumentParser
import Core

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

struct PipelineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ci", abstract: "Print or write a pipeline that assesses what a request brings.",
        discussion: """
            It looks at the request's commits only, fails at --fail-on, annotates the changed lines, hands on SARIF or code \
            quality, and keeps one comment up to date. It uses the runner's own token, and no action or image of strangers.
            """)

    enum Service: String, CaseIterable, ExpressibleByArgument {
        case github, gitlab

        var path: String {
            switch self {
            case .github: ".github/workflows/gatehouse.yml"
            case .gitlab: ".gitlab/gatehouse.gitlab-ci.yml"
            }
        }
    }

    @Argument(help: "github or gitlab.") var service: Service
    @Flag(help: "Write it to its place in the repository instead of stdout.") var write = false
    @Flag(help: "With --write: also over a file that is there.") var force = false
    @Option(help: "The repository to write into.") var into = "."
    @Option(help: "The severity at which the pipeline fails: info, low, medium, high or critical.")
    var failOn: SeverityArgument = .init(.high)
    @Option(help: "Where the pipeline fetches gatehouse, https://…; without it, the runner has it.") var binary: String?
    @Option(help: "With --binary: its SHA-256 in hexadecimal.") var sha256: String?

    func validate() throws {
        guard (binary == nil) == (sha256 == nil) else { throw ValidationError("--binary and --sha256 go together") }
        if let binary, !PipelineTemplate.isPlainAddress(binary) {
            throw ValidationError("--binary takes an https:// address without quotes, spaces, $ and backslashes")
        }
        if let sha256, sha256.utf8.count != 64 || Hex.decode(sha256) == nil {
            throw ValidationError("--sha256 takes 64 hexadecimal digits")
        }
    }

    func run() async throws {
        let template = PipelineTemplate(failOn: failOn.severity, binary: binary, sha256: sha256?.lowercased())
        let text = service == .github ? template.github : template.gitlab
        guard write else { return Terminal.data(text) }
        let path = "\(into)/\(service.path)"
        guard Folder.exists(into) else {
            throw GatehouseError("hook", .notFound, "there is no folder \(into)", hint: "name it with --into")
        }
        guard force || !WholeFile.exists(path) else {
            throw GatehouseError(
                "hook", .conflict, "\(path) is there already", hint: "look at it, and use --force to replace it")
        }
        try makeFolders(service.path)
        try WholeFile.write(Array(text.utf8), to: path)
        Terminal.say("written to \(path)")
        if service == .gitlab {
            Terminal.say("next: in .gitlab-ci.yml, include: [{local: /\(service.path)}]")
        }
    }

    private func makeFolders(_ path: String) throws {
        var made = into
        for name in path.split(separator: "/").dropLast() {
            made += "/\(name)"
            guard mkdir(made, 0o755) == 0 || errno == EEXIST else {
                throw GatehouseError(
                    "hook", .invalid, "cannot make the folder \(made)", cause: String(cString: strerror(errno)))
            }
        }
    }
}
