import Core
import Gate
import Privacy
import Subprocess
import TestSupport

@testable import Scan

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

let assessor = Result { Assessor(scanners: [SecretScanner(try SecretDetector())]) }

/// Secrets that no scanner finds in this file: put together as the tests run.
enum Fake {
    static let awsKey = ["AKIA", "Q3EGJXK5", "NV7WZ4TB"].joined()
    static let otherKey = ["AKIA", "Z5PLMNR2", "VX3QY7KD"].joined()
    static let gitLab = ["glpat", "-", "x7Qm2v9LkR", "pZ3dWn8sTf"].joined()
    static let password = ["tR7x", "Qm2v9", "Lk8Zp"].joined()
}

/// A folder that lives as long as the test.
final class TestTree: Sendable {
    private let scratch = ScratchFolder()
    var root: String { scratch.path }

    func folder(_ path: String) {
        var made = root
        for component in path.split(separator: "/") {
            made += "/" + component
            mkdir(made, 0o755)
        }
    }

    func write(_ path: String, _ text: String) { write(Array(path.utf8), Array(text.utf8)) }

    func write(_ path: [UInt8], _ bytes: [UInt8]) {
        if let slash = path.lastIndex(of: UInt8(ascii: "/")) { folder(String(decoding: path[..<slash], as: UTF8.self)) }
        let name = Array(root.utf8) + [UInt8(ascii: "/")] + path + [0]
        let file = name.withUnsafeBytes {
            open(
                $0.bindMemory(to: CChar.self).baseAddress ?? .init(bitPattern: 1)!, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        }
        defer { close(file) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    @discardableResult
    func git(_ arguments: String..., date: Int = 1_700_000_000) async throws -> String {
        let base = [
            "-C", root, "-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main",
            "-c",
            "core.hooksPath=/dev/null", "-c", "commit.gpgSign=false",
        ]
        let result = try await run(
            .name("git"), arguments: Arguments(base + arguments),
            environment: .inherit.updating([
                "GIT_AUTHOR_DATE": "\(date) +0000", "GIT_COMMITTER_DATE": "\(date) +0000",
                "GIT_CONFIG_GLOBAL": "/dev/null",
            ]),
            output: .string(limit: 4 << 20), error: .string(limit: 1 << 20))
        guard result.terminationStatus.isSuccess else {
            throw GatehouseError("test", .internal, "git \(arguments) failed", cause: result.standardError)
        }
        return result.standardOutput
    }

    func commit(_ message: String, date: Int = 1_700_000_000) async throws {
        try await git("add", "-A")
        try await git("commit", "--quiet", "--allow-empty", "-m", message, date: date)
    }

    func assess(
        history: Bool = false, baseline: Baseline? = nil, limits: AssessmentLimits = .standard
    ) async throws -> Assessment {
        try await assessor.get().assess(
            AssessmentRequest(.path(root), history: history, baseline: baseline, limits: limits))
    }
}
