import Core
import Foundation
import Privacy
import Scan

/// Assesses a large source tree that is on every machine that built us: the sources of what we depend on.
/// `GATEHOUSE_BENCH_TREE` names another one.
enum AssessBenchmark {
    static func run() async throws -> [Figure] {
        let tree = try folder()
        let assessor = Assessor(scanners: [SecretScanner(try SecretDetector())])
        _ = try await assessor.assess(AssessmentRequest(.path(tree)))  // warms the file cache
        var rates: [Double] = []
        var last: Assessment?
        for _ in 0..<5 {
            let spent = try await Spent.measure { last = try await assessor.assess(AssessmentRequest(.path(tree))) }
            rates.append(Double(last?.inventory.total.bytes ?? 0) / 1e6 / spent.cpu)
        }
        let what =
            last.map { "\($0.inventory.total.files) files, \(Figure.text(Double($0.inventory.total.bytes) / 1e6)) MB" }
            ?? ""
        return [
            Figure(
                name: "assess: a source tree", value: rates.median, unit: "MB/s/core", goal: .atLeast(300), note: what),
            Figure(name: "assess: peak memory of this process", value: peakMegabytes, unit: "MB", goal: .atMost(200)),
        ]
    }

    private static func folder() throws -> String {
        if let named = ProcessInfo.processInfo.environment["GATEHOUSE_BENCH_TREE"] { return named }
        let program = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        var folder = program.deletingLastPathComponent()
        while folder.path != "/" {
            let checkouts = folder.appendingPathComponent("checkouts")
            if FileManager.default.fileExists(atPath: checkouts.path) { return checkouts.path }
            folder.deleteLastPathComponent()
        }
        throw GatehouseError(
            "benchmarks", .notFound, "no source tree to assess", hint: "name one in GATEHOUSE_BENCH_TREE")
    }

    private static var peakMegabytes: Double {
        var usage = rusage()
        getrusage(0, &usage)  // RUSAGE_SELF
        return Double(usage.ru_maxrss) / 1024
    }
}
