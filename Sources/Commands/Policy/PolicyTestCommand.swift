import ArgumentParser
import Core
import JSON
import Policy
import Rego

struct PolicyTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Run the tests of policies: rules whose names start with test_.",
        discussion: """
            A test passes when its rule is defined and not false; test_x[note] has a case for each note. todo_test_ is left out. \
            Exit code 1 when a test does not pass or coverage is below --threshold, 2 when the policies do not compile.
            """)

    @Argument(help: "Files and folders with policies, tests and data.") var paths: [String] = ["."]
    @OptionGroup var bundles: PolicyBundleOptions
    @OptionGroup var language: PolicyLanguageOptions
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Only tests whose full name has a match for it: data.app_test.test_admin.", valueName: "regex"))
    var run: String?
    @Option(help: ArgumentHelp("Only tests whose full name is like it: data.app_test.*", valueName: "pattern"))
    var glob: String?
    @Flag(name: .shortAndLong, help: "Every test with its cases and output, and a trace of those that fail.")
    var verbose = false
    @Option(help: "What traces hold: notes, fails, full, or debug (full, with variables).") var explain:
        TraceDetailArgument?
    @Flag(help: "Print OPA's JSON.") var json = false
    @Flag(help: "Say which lines of the policies no test reaches; files of tests do not count.") var coverage = false
    @Option(help: ArgumentHelp("Fail when coverage is below so many percent.", valueName: "percent"))
    var threshold: Double?
    @Option(help: "Stop a test after this long: 500ms, 10s.") var timeout = DurationArgument(.seconds(5))
    @Option(help: ArgumentHelp("Tests at a time; as many as there are processors when not given.", valueName: "n"))
    var parallel: Int?
    @Option(help: ArgumentHelp("Run everything so often.", valueName: "n")) var count = 1
    @Flag(name: .shortAndLong, help: "Run again whenever a file changes, until interrupted.") var watch = false

    func validate() throws {
        if let threshold, !(0...100).contains(threshold) { throw ValidationError("--threshold is a percentage") }
        if let parallel, !(1...1024).contains(parallel) { throw ValidationError("--parallel is from 1 to 1024") }
        guard count > 0 else { throw ValidationError("--count is at least 1") }
        guard !(run != nil && glob != nil) else { throw ValidationError("give --run or --glob, not both") }
    }

    func run() async throws {
        let options = try options()
        guard watch else {
            guard try await round(options) else { throw ExitStatus.found.code }
            return
        }
        let watcher = FileWatcher(paths + bundles.bundle)
        repeat {
            // What is wrong now may be right after the next change.
            do { _ = try await round(options) } catch is ExitCode {}
            Terminal.say("watching \(watcher.fileCount) files; ^C ends")
        } while await watcher.waitForChange()
    }

    private func options() throws -> PolicyTests.Options {
        var options = PolicyTests.Options()
        options.timeout = timeout.duration
        options.workers = parallel ?? Processors.count
        options.countsCoverage = coverage || threshold != nil
        options.trace = explain?.detail ?? (verbose ? .fails : nil)
        if let run { options.isWanted = try NameFilter(regex: run).matches }
        if let glob { options.isWanted = try NameFilter(glob: glob).matches }
        return options
    }

    /// Loads and runs everything. Returns whether all is well.
    private func round(_ options: PolicyTests.Options) async throws -> Bool {
        try await PolicyProblems.reporting(json: json) {
            let policy = try LoadedPolicy(paths: paths, bundles: bundles, language)
            let tests = try PolicyTests(modules: policy.modules, data: policy.data, options: language.compilerOptions)
            var isGood = true
            for _ in 0..<count {
                let report = try await tests.run(options)
                show(report)
                isGood = isGood && report.isGood && reachesThreshold(report)
            }
            return isGood
        }
    }

    private func show(_ report: PolicyTestReport) {
        let text = PolicyTestText(report, isVerbose: verbose, showsVariables: explain?.detail == .debug)
        if json {
            Terminal.data((coverage ? report.coverage?.json ?? [:] : report.json).text(pretty: true) + "\n")
            if !report.isGood { Terminal.say(Plain.text(text.failures + text.summary)) }
            return
        }
        Terminal.data(Plain.text(text.results + text.summary))
        if coverage, let coverage = report.coverage { Terminal.data(Plain.text(CoverageText(coverage).text)) }
        if report.results.isEmpty { Terminal.say("no tests were found, or none with such a name") }
    }

    private func reachesThreshold(_ report: PolicyTestReport) -> Bool {
        guard let threshold, let coverage = report.coverage, coverage.percentage < threshold else { return true }
        Terminal.say(
            "coverage is \(CoverageText.percent(coverage.percentage)), below \(CoverageText.percent(threshold))")
        return false
    }
}

/// Names that a pattern matches, by Rego's own rules for patterns.
struct NameFilter: Sendable {
    private let query: PreparedQuery
    private let pattern: RegoValue

    init(regex: String) throws { try self.init(regex, "regex.match(input.pattern, input.name)") }

    /// `*` stays within a part of the name, `**` does not.
    init(glob: String) throws { try self.init(glob, "glob.match(input.pattern, [\".\"], input.name)") }

    private init(_ pattern: String, _ call: String) throws {
        let policy = try Compiler().compile([Compiler.Query(name: "matches", text: "result = \(call)")])
        query = try PreparedQuery(Program(policy), entryPoint: "matches")
        self.pattern = RegoValue(pattern)
        do { _ = try evaluate("") } catch {
            throw GatehouseError("policy", .invalid, "\(pattern) is no pattern", cause: error.message)
        }
    }

    var matches: @Sendable (String) -> Bool { { (try? evaluate($0)) ?? false } }

    private func evaluate(_ name: String) throws(EvaluationError) -> Bool {
        var options = EvaluationOptions()
        options.isStrict = true
        let input: RegoValue = ["pattern": pattern, "name": RegoValue(name)]
        return try query.evaluate(input: input, data: [:], options: options).value == .bool(true)
    }
}
