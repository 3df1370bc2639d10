import Core
import Foundation
import JSON

/// How long the installed binary takes to start and say its version.
enum StartBenchmark {
    static func run() throws -> [Figure] {
        let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent(
            "gatehouse")
        guard FileManager.default.isExecutableFile(atPath: program.path) else {
            throw GatehouseError(
                "benchmarks", .notFound, "no \(program.path)", hint: "swift build -c release --product gatehouse")
        }
        var times: [Double] = []
        for _ in 0..<21 {
            times.append(
                try Spent.measure {
                    let process = Process()
                    process.executableURL = program
                    process.arguments = ["version"]
                    process.standardOutput = FileHandle.nullDevice
                    try process.run()
                    process.waitUntilExit()
                }.wall)
        }
        return [
            Figure(name: "start: gatehouse version, wall", value: times.median * 1000, unit: "ms", goal: .atMost(50))
        ]
    }
}
