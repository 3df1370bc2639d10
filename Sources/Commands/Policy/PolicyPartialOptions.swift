import ArgumentParser

/// What `eval` does where not everything is known.
struct PolicyPartialOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Evaluate as far as it can be done without what is unknown.") var partial = false
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "What is unknown: input, data.reports; may be given again. input when not given.", valueName: "path"))
    var unknowns: [String] = []
    @Option(
        help: ArgumentHelp(
            "A rule or package that is kept as a rule of its own; may be given again.", valueName: "path"))
    var disableInlining: [String] = []

    var isOn: Bool { partial }
    var unknownPaths: [String] { unknowns.isEmpty ? ["input"] : unknowns }
}
