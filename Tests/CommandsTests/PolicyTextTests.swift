import ArgumentParser
import JSON
import Testing

@testable import Commands

@Suite struct DurationArgumentTests {
    @Test(arguments: [
        ("15us", Duration.microseconds(15)), ("2.5ms", .microseconds(2500)), ("10s", .seconds(10)),
        ("1m", .seconds(60)),
        ("3µs", .microseconds(3)), ("7ns", .nanoseconds(7)), ("2h", .seconds(7200)), ("0s", .zero),
    ])
    func reads(text: String, duration: Duration) {
        #expect(DurationArgument(argument: text)?.duration == duration)
    }

    @Test(arguments: ["15us", "2500ms", "10s", "3m", "0s", "1ns"])
    func helpSaysWhatIsRead(text: String) throws {
        let read = try #require(DurationArgument(argument: text))
        let said = read.defaultValueDescription
        #expect(DurationArgument(argument: said)?.duration == read.duration)
        #expect(said == text)
    }

    @Test(arguments: ["", "s", "10", "-1s", "1e30h", "nans", "infs", "1 day", "ms"])
    func refuses(text: String) {
        #expect(DurationArgument(argument: text) == nil)
    }

    @Test(arguments: [
        (0.0, "0ns"), (999, "999ns"), (1000, "1.00µs"), (51_200, "51.2µs"), (999_000, "999µs"), (1_050_000, "1.05ms"),
        (2e9, "2.00s"), (123.4e9, "123s"),
    ])
    func writes(nanoseconds: Double, text: String) {
        #expect(DurationArgument.text(nanoseconds: nanoseconds) == text)
    }
}

@Suite struct CoverageTextTests {
    @Test func rowsThatFollowAreOneRange() {
        #expect(CoverageText.ranges([3, 7, 8, 9, 12, 13]) == "3, 7-9, 12-13")
        #expect(CoverageText.ranges([]) == "")
    }

    @Test func percentages() {
        #expect(CoverageText.percent(100) == "100 %")
        #expect(CoverageText.percent(66.66) == "66.66 %")
    }
}

@Suite struct PolicyWhatIfTests {
    static let input: JSON = [
        "principal": ["id": "prn_1", "roles": ["developer"]],
        "session": ["class": ["name": "routine-ops", "logging": "optional"]],
        "effect": "read", "labels": [],
    ]

    @Test func onlyWhatIsSaidIsOtherwise() throws {
        let changes = try PolicyWhatIf.parse(["--as-role", "viewer", "--as-role", "operator", "--label", "pii"])
        let changed = try changes.apply(to: Self.input)
        #expect(changed["principal"] == ["id": "prn_1", "roles": ["viewer", "operator"]])
        #expect(changed["labels"] == ["pii"])
        #expect(changed["effect"] == "read" && changed["session"] == Self.input["session"])
        #expect(changes.words == "If the caller were viewer and operator, the request were labelled pii")
    }

    @Test func effectAndClass() throws {
        let changes = try PolicyWhatIf.parse(["--effect", "destroy", "--class", "incident-response"])
        let changed = try changes.apply(to: Self.input)
        #expect(changed["effect"] == "destroy")
        #expect(changed["session"]?["class"] == ["name": "incident-response", "logging": "optional"])
        #expect(try !PolicyWhatIf.parse([]).isOn)
        #expect(throws: (any Error).self) { try PolicyWhatIf.parse(["--effect", "explode"]) }
    }
}
