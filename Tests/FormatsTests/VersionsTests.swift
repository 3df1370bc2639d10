import Formats
import TestSupport
import Testing

@Suite struct VersionsTests {
    /// Versions of each scheme from the least to the greatest; those in one row are equal.
    private static let ladders: [(VersionScheme, [[String]])] = [
        (
            .semver,
            [
                ["0.0.0-20170424173420-06e7a29f36a3", "v0.0.0-20170424173420-06e7a29f36a3"],
                ["0.0.0-20170424173421-06e7a29f36a3"], ["0.0.0"], ["1.0.0-0"], ["1.0.0-9"], ["1.0.0-10"],
                ["1.0.0-alpha.1"], ["1.0.0-alpha.beta"], ["1", "1.0", "v1.0.0+incompatible", "1.0.0"], ["1.0.1-rc.1"],
                ["1.0.1"], ["18446744073709551616.0.0"],
            ]
        ),
        (
            .pypi,
            [
                ["not a version"], ["1.0.dev3"], ["1.0a1", "1.0-ALPHA_1", "v1.0.a.1"], ["1.0b2.dev1"], ["1.0b2"],
                ["1.0rc1", "1.0c1", "1.0preview1"], ["1", "1.0", " 1.0.0 "], ["1.0+abc"], ["1.0+abc.2", "1.0+ABC-2"],
                ["1.0+2"], ["1.0.post1.dev1"], ["1.0-1", "1.0.post1", "1.0rev1"], ["1.1"], ["1!0.1"],
            ]
        ),
        (
            .maven,
            [
                ["1-alpha-1", "1a1", "1.0-alpha-1"], ["1-beta-1"], ["1-milestone1"], ["1-rc1", "1-cr1"], ["1-SNAPSHOT"],
                ["1", "1.0", "1.0.0-ga", "1.0.RELEASE"], ["1-sp"], ["1-foo"], ["1-1"], ["1.0.1"], ["1.2"], ["1.10"],
            ]
        ),
        (.nuget, [["1.0-alpha", "1.0.0.0-ALPHA+x"], ["1.0.0-beta"], ["1", "1.0.0.0"], ["1.0.0.1"], ["1.0.1"]]),
        (
            .rubygems,
            [["1.a"], ["1.0.0.b1", "1.b1"], ["1.b2"], ["1-x"], ["1", "1.0.0"], ["1.0.1"], ["1.10.0"], ["2"]]
        ),
        (
            .packagist,
            [["1.0-dev"], ["1.0a1", "1.0-alpha1"], ["1.0b1"], ["1.0RC1"], ["1.0", "v1.0"], ["1.0.0"], ["1.0pl1"]]
        ),
        (.pub, [["1.0.0-a"], ["1.0.0"], ["1.0.0+1"], ["1.0.0+2"], ["1.0.0+a"], ["1.0.1"]]),
        (
            .debian,
            [
                ["1.0~~"], ["1.0~rc1-1"], ["1.0", "0:1.0-0"], ["1.0-1~bpo1"], ["1.0-1"], ["1.0-1+deb9u1"], ["1.0a"],
                ["1.0+a"], ["1.0.1"], ["1:0.1"],
            ]
        ),
        (
            .alpine,
            [
                ["1.0_alpha"], ["1.0_alpha2"], ["1.0_rc1"], ["1.0", "1.0-r0"], ["1.0-r1"], ["1.0_p1"], ["1.0a"],
                ["1.0.1"], ["1.05"], ["1.1"], ["1.10"],
            ]
        ),
        (
            .rpm,
            [
                ["1.0~rc1-1"], ["1.0"], ["1.0-1.el7"], ["1.0-1.el8"], ["1.0-10"], ["1.0^git1-1"], ["1.0.a"], ["1.0.1"],
                ["1:0.5", "01:0.5"],
            ]
        ),
        (.cran, [["0.9"], ["1.0"], ["1.0-0", "1.0.0"], ["1.0-1"], ["1.0.2"]]),
        (.hackage, [["1"], ["1.0"], ["1.0.0"], ["1.2"], ["1.10"]]),
    ]

    @Test(arguments: ladders.indices) func everyStepIsAboveTheOnesBefore(_ index: Int) {
        let (scheme, rungs) = Self.ladders[index]
        for (low, lower) in rungs.enumerated() {
            for (high, upper) in rungs.enumerated() {
                for a in lower {
                    for b in upper {
                        let wanted: VersionOrder = low == high ? .equal : low < high ? .less : .greater
                        #expect(scheme.compare(a, b) == wanted, "\(scheme): \(a) and \(b)")
                    }
                }
            }
        }
    }

    @Test func ecosystemsHaveTheirScheme() {
        #expect(VersionScheme(ecosystem: "Go") == .semver)
        #expect(VersionScheme(ecosystem: "Debian:12") == .debian)
        #expect(VersionScheme(ecosystem: "Alpine:v3.19") == .alpine)
        #expect(VersionScheme(ecosystem: "nothing") == nil)
    }

    private static let folder = SharedFiles.path("versions")

    @Test(.enabled(if: folder != nil, "\(SharedFiles.absence)"))
    func publicOrders() throws {
        let folder = try #require(Self.folder)
        var checked = 0
        for scheme in VersionScheme.allCases {
            let name = scheme == .rpm ? "redhat" : scheme.rawValue
            for line in SharedFiles.gunzippedLines("\(folder)/\(name)-versions.txt.gz") where !line.hasPrefix("//") {
                let parts = line.split(separator: " ")
                guard parts.count == 3 else { continue }
                let order = scheme.compare(String(parts[0]), String(parts[2]))
                #expect(["=": .equal, "<": .less, ">": .greater][parts[1]] == order, "\(scheme): \(line)")
                checked += 1
            }
        }
        #expect(checked > 600)
    }

    /// Whatever stands there: no crash, the order is the same from both sides, and equal to itself.
    @Test func hostileTexts() {
        var random = SeededRandom(seed: 11)
        let alphabet = Array("0019a.b-_+~^:!rcalphdev *#vé\u{0}\u{1F600}".unicodeScalars)
        for _ in 0..<3_000 {
            let texts = (0..<2).map { _ in
                var text = String.UnicodeScalarView()
                for _ in 0..<Int.random(in: 0...12, using: &random) {
                    text.append(alphabet.randomElement(using: &random) ?? "0")
                }
                return String(text)
            }
            for scheme in VersionScheme.allCases {
                let (order, mirrored) = (scheme.compare(texts[0], texts[1]), scheme.compare(texts[1], texts[0]))
                #expect(order.rawValue == -mirrored.rawValue, "\(scheme): \(texts)")
                #expect(scheme.compare(texts[0], texts[0]) == .equal, "\(scheme): \(texts[0])")
            }
        }
    }

    /// A bound that linear work keeps with ease and quadratic work does not.
    @Test func longTextsTakeLinearTime() async {
        let shapes = ["0.", "1-", "a1", "-0", "~", "_p", "1.0-final."]
        for scheme in VersionScheme.allCases {
            let time = await shortestTime(within: .seconds(2)) {
                for shape in shapes {
                    let text = String(repeating: shape, count: 20_000 / shape.utf8.count)
                    _ = scheme.compare(text + "1", text + "2")
                }
            }
            #expect(time < .seconds(2), "\(scheme)")
        }
    }
}
