internal import Core
public import Rego
internal import Synchronization

/// The tests of a policy, compiled once and run as often as wanted.
///
/// A test passes when its rule is defined and not false. A rule with a key, `test_allow[note] if …`, has a case for each
/// value of that key, and passes when it has cases and all of them hold.
public struct PolicyTests: Sendable {
    public struct Options: Sendable {
        /// Of each test.
        public var timeout: Duration = .seconds(5)
        /// Tests at a time.
        public var workers = 2
        /// Only tests with such an id are run; the others are not in the report.
        public var isWanted: @Sendable (_ id: String) -> Bool = { _ in true }
        /// Of tests that do not pass.
        public var trace: TraceDetail?
        public var countsCoverage = false

        public init() {}
    }

    /// In the order of files and rows.
    public let tests: [PolicyTest]
    private let compiler: Compiler
    private let data: RegoValue

    /// - Throws: everything that is wrong with the modules.
    public init(
        modules: [PolicyModule], data: RegoValue = .object(RegoObject()), options: CompilerOptions = CompilerOptions()
    ) throws(RegoErrors) {
        var options = options
        options.keepsPrint = true
        var compiler = Compiler(options)
        try compiler.add(modules)
        var discovery = TestDiscovery()
        compiler.edit { discovery.visit(&$0) }
        try compiler.check()
        tests = discovery.tests
        self.compiler = compiler
        self.data = data
    }

    /// - Parameter report: is told of each result, in the order of ``tests``.
    /// - Throws: `RegoErrors` where the tests cannot be compiled together, `CancellationError`.
    @concurrent public func run(
        _ options: Options = Options(), report: @Sendable (PolicyTestResult) -> Void = { _ in }
    ) async throws -> PolicyTestReport {
        let wanted = tests.filter { options.isWanted($0.id) }
        let run = try TestRun(compiler, wanted, data, options)
        var results: [PolicyTestResult?] = Array(repeating: nil, count: wanted.count)
        var reported = 0
        try await withThrowingTaskGroup(of: (Int, PolicyTestResult).self) { group in
            var started = 0
            func startNext() {
                guard started < wanted.count else { return }
                let at = started
                started += 1
                group.addTask { (at, try run.result(of: wanted[at])) }
            }
            for _ in 0..<max(1, options.workers) { startNext() }
            while let (at, result) = try await group.next() {
                startNext()
                results[at] = result
                while reported < wanted.count, let next = results[reported] {
                    report(next)
                    reported += 1
                }
            }
        }
        return PolicyTestReport(results: results.compactMap { $0 }, coverage: run.coverage)
    }
}
