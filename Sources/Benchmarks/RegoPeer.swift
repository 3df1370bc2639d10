import Foundation
import JSON

/// regopy (rego-cpp) with a compiled bundle and inputs that are built already, in a process of its own.
///
/// `scripts/setup.sh bench` installs it; `GATEHOUSE_PYTHON` names another Python that has it.
enum RegoPeer {
    enum Outcome {
        /// Microseconds a decision.
        case measured(Spent)
        case notMeasured(String)
    }

    private static let script = "scripts/bench/rego_peer.py"

    static func measure(folder: String, entryPoint: String) -> Outcome {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let python = ProcessInfo.processInfo.environment["GATEHOUSE_PYTHON"] ?? ".venv/bin/python"
        process.arguments = [python, script, "measure", folder, entryPoint, "2"]
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { return .notMeasured("\(error)") }
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0, let answer = try? JSON.parse([UInt8](bytes)),
            let cpu = answer["cpu"]?.double, let wall = answer["wall"]?.double
        else { return .notMeasured("regopy does not run with \(python): scripts/setup.sh bench installs it") }
        return .measured(Spent(wall: wall, cpu: cpu))
    }
}

extension RegoPeer.Outcome {
    func figure(name: String, ours: Spent) -> Figure {
        switch self {
        case .notMeasured(let why): Figure(name: name, value: .nan, unit: "", note: "not measured: \(why)")
        case .measured(let peer):
            Figure(
                name: name, value: peer.cpu / ours.cpu, unit: "×",
                note: "\(Figure.text(peer.cpu)) µs; wall \(Figure.text(peer.wall)) µs, "
                    + "\(Figure.text(peer.wall / ours.wall)) × ours")
        }
    }
}

extension Spent {
    /// Of each of so many, where this is of all in seconds.
    func microseconds(each count: Int) -> Spent {
        Spent(wall: wall * 1e6 / Double(count), cpu: cpu * 1e6 / Double(count))
    }

    var wallNote: String { "wall \(Figure.text(wall)) µs" }
}
