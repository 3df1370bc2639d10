import Core
import TestSupport
import Testing

@testable import Scan

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct HelmTests {
    /// A program in helm's place.
    private static func assess(
        _ helm: String?, _ files: [String: String] = chart, timeout: Duration = .seconds(60)
    ) async throws -> Assessment {
        let (tree, bin) = (TestTree(), TestTree())
        for (path, text) in files { tree.write(path, text) }
        var scanner = InfrastructureScanner()
        scanner.helm.program = bin.root + "/helm"
        scanner.helm.timeout = timeout
        if let helm {
            bin.write("helm", "#!/bin/sh\n" + helm)
            chmod(bin.root + "/helm", 0o755)
        }
        return try await Assessor(scanners: [], trees: [scanner]).assess(AssessmentRequest(.path(tree.root)))
    }

    private static let chart = [
        "web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n", "web/values.yaml": "privileged: true\n",
        "web/templates/_helpers.tpl": "{{- define \"x\" -}}y{{- end -}}\n",
        "web/templates/pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}\n",
    ]

    private static let pod = """
        cat <<'END'
        ---
        # Source: web/templates/pod.yaml
        apiVersion: v1
        kind: Pod
        metadata:
          name: release
        spec:
          containers:
            - name: a
              image: nginx:1.27.0
              securityContext:
                privileged: true
        END
        """

    @Test func whatIsRenderedIsJudged() async throws {
        let assessment = try await Self.assess(
            "test \"$1 $2\" = 'template release' && cd \"$3\" && test -f values.yaml && test -f templates/_helpers.tpl || exit 9\n"
                + "test \"$KUBECONFIG\" = /dev/null || exit 8\n" + Self.pod)
        #expect(
            assessment.findings.map(\.path).contains("web/templates/pod.yaml!/rendered.yaml"), "\(assessment.unchecked)"
        )
        #expect(assessment.findings.contains { $0.rule.title.lowercased().contains("privileged") })
        #expect(!assessment.unchecked.contains { $0.detail.contains("not rendered") })
    }

    /// Whatever the program does, it ends, the rest goes on, and it is said why nothing was rendered.
    @Test(arguments: [
        (nil, "there is no"), ("echo 'Error: parse error at (web/templates/pod.yaml:4)' >&2; exit 1", "parse error"),
        ("sleep 600", "in time"), ("yes", "more than is read"), ("kill -9 $$", "helm refuses it"),
        ("trap '' TERM; while :; do :; done", "in time"),
    ])
    func nastyPrograms(_ helm: String?, _ words: String) async throws {
        let started = ContinuousClock.now
        var files = Self.chart
        files["Dockerfile"] = "FROM a:latest\nUSER root\n"
        // Only what never ends is waited for in vain.
        let timeout = Duration.seconds(words == "in time" ? 3 : 50)
        let assessment = try await Self.assess(helm, files, timeout: timeout)
        let notes = assessment.unchecked.filter { $0.path == "web/Chart.yaml" }.map(\.detail)
        #expect(notes.contains { $0.contains("not rendered") && $0.contains(words) }, "\(assessment.unchecked)")
        #expect(assessment.findings.contains { $0.path == "Dockerfile" })
        #expect(ContinuousClock.now - started < .seconds(60))
    }

    /// Paths that the output names are of templates, or count for nothing.
    @Test func hostileOutput() async throws {
        let path = "web/templates/pod.yaml"
        let assessment = try await Self.assess(Self.pod.replacing(path, with: "web/../../../etc/passwd"))
        #expect(!assessment.findings.isEmpty)
        #expect(assessment.findings.allSatisfy { $0.path == "web/Chart.yaml!/rendered.yaml" })
        let odd = try await Self.assess(Self.pod.replacing(path, with: "web/\u{1B}[1m"))
        #expect(odd.unchecked.contains { $0.reason == .malformed && !$0.path.contains("\u{1B}") })
    }
}
