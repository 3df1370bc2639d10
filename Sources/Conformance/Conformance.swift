#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// `conformance SUITE PATH`: runs a public suite from data files.
///
/// One line on the standard output, `SUITE: N passed, M failed`; each failure on the standard error.
/// Exit code 0 when all passed, 1 when a case failed, 2 when nothing could be run.
/// `conformance mcp-everything` serves a public suite that comes as a client.
@main
struct Conformance {
    /// The suites. A new one is a file and a line here.
    static let suites: [any ConformanceSuite] = [
        MerkleSuite(), RegoPlansSuite(), RegoSuite(), RegoSuite(isObserved: true), GatekeeperSuite(),
        PIISuite(), SecretsSuite(), EvasionSuite(), MCPSchemaSuite(), JSONSchemaSuite(),
        VersionsSuite(), PURLSuite(), CVSSSuite(),
    ]

    static func main() async {
        let arguments = CommandLine.arguments.dropFirst()
        if arguments.first == EverythingProgram.name { return await serve(Array(arguments.dropFirst())) }
        if arguments.first == ClientProgram.name { return await ask(Array(arguments.dropFirst())) }
        guard arguments.count == 2, let name = arguments.first, let path = arguments.last else {
            stop("usage: conformance SUITE PATH\nsuites: \(suites.map(\.name).joined(separator: ", "))")
        }
        guard let suite = suites.first(where: { $0.name == name }) else {
            stop("unknown suite \(name); there are: \(suites.map(\.name).joined(separator: ", "))")
        }
        do {
            let cases = try CaseFiles.read(path)
            guard !cases.isEmpty else { stop("\(path) has no cases") }
            if let suite = suite as? any MeasuringSuite {
                try measure(suite, cases)
            } else {
                run(suite, try suite.cases(cases))
            }
        } catch {
            stop("\(error)")
        }
    }

    private static func serve(_ arguments: [String]) async {
        do {
            try await EverythingProgram.run(arguments)
        } catch {
            stop("\(error)")
        }
    }

    private static func ask(_ arguments: [String]) async {
        do {
            try await ClientProgram.run(arguments)
        } catch {
            complain("\(error)")
            exit(1)
        }
    }

    private static func run(_ suite: any ConformanceSuite, _ cases: [ConformanceCase]) {
        var failed = 0
        for testCase in cases {
            guard let reason = suite.failure(of: testCase) else { continue }
            failed += 1
            complain("\(testCase.place): \(reason)")
        }
        print("\(suite.name): \(cases.count - failed) passed, \(failed) failed")
        exit(failed == 0 ? 0 : 1)
    }

    /// A suite of measures over all cases: a line and a threshold each.
    private static func measure(_ suite: any MeasuringSuite, _ cases: [ConformanceCase]) throws {
        let measures = try suite.run(cases, complain: complain)
        for line in measures.lines { print(line) }
        print("\(suite.name): \(measures.summary)")
        exit(measures.areMet ? 0 : 1)
    }

    private static func stop(_ message: String) -> Never {
        complain(message)
        exit(2)
    }

    private static func complain(_ message: String) {
        let bytes = Array((message + "\n").utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }
}
