import ArgumentParser
import Core
import JSON
import Policy
import Rego

struct PolicyDeps: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deps", abstract: "Say which documents a query depends on.",
        discussion: "Base documents come from outside: input and data. Virtual documents are made by rules.")

    @OptionGroup var sources: PolicySourceOptions
    @Argument(help: "The query: data.app.allow") var query: String
    @Flag(help: "Print OPA's JSON.") var json = false

    func run() async throws {
        let documents = try await PolicyProblems.reporting(json: json) {
            try Dependencies(try sources.load().compiler(sources.compilerOptions)).of(query: query)
        }
        guard !json else {
            let object: JSON = [
                "base": .array(documents.base.map { .string($0) }),
                "virtual": .array(documents.virtual.map { .string($0) }),
            ]
            return Terminal.data(object.text(pretty: true) + "\n")
        }
        let rows = documents.base.map { ["base", $0] } + documents.virtual.map { ["virtual", $0] }
        Terminal.data(Table(columns: ["KIND", "DOCUMENT"], rows: rows).text)
    }
}
