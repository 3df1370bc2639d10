import ArgumentParser
import Core
import JSON

struct BillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sbom", abstract: "Write the software bill of materials of a repository.",
        discussion:
            "Assesses the repository: the run is in the ledger, and flaws of packages are in the bill (CycloneDX).")

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case cyclonedx, spdx, openvex
    }

    @OptionGroup var house: HouseOptions
    @Argument(help: "A folder, a git repository, or a git URL.") var repository: String = "."
    @Option(help: "cyclonedx (1.6), spdx (2.3), or openvex for what was found in packages.") var format: Format =
        .cyclonedx
    @Option(name: .shortAndLong, help: "Write to this file instead of stdout.") var output: String?

    func run() async throws {
        var arguments = [repository, "--format", format.rawValue, "--quiet", "--data", house.dataFolder]
        if let output { arguments += ["--output", output] }
        if let file = house.config { arguments += ["--config", file] }
        let assess = try Assess.parse(arguments)
        try await assess.run()
    }
}
