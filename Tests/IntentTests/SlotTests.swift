import Core
import Intent
import Testing

@Suite struct SlotTests {
    /// `name=value` of each slot, and that each stands where it says.
    private func slots(_ text: String, _ tagger: SlotTagger = SlotTagger()) -> [String] {
        let slots = tagger.slots(in: text)
        for (slot, next) in zip(slots, slots.dropFirst()) { #expect(slot.range.upperBound <= next.range.lowerBound) }
        return slots.map { "\($0.name)=\($0.value)" }
    }

    @Test(arguments: [
        ("mute it for 2 hours", "duration=7200s"), ("mute it for 30m", "duration=1800s"),
        ("wait 1h30m", "duration=5400s"),
        ("wait 1 hour and 30 minutes", "duration=5400s"), ("an hour", "duration=3600s"),
        ("half an hour", "duration=1800s"),
        ("1.5h of it", "duration=5400s"), ("two days", "duration=172800s"), ("after 250ms", "duration=0.25s"),
        ("cpu above 80%", "percentage=80"), ("cpu above 99.5 percent", "percentage=99.5"),
        ("5 per cent", "percentage=5"),
        ("scale to 5 replicas", "quantity=5 replicas"), ("add three pods", "quantity=3 pods"),
        ("1,500 requests", "quantity=1500 requests"),
        ("show 20 of them", "number=20"), ("2,500.75 in all", "number=2500.75"), ("10k rows", "number=10000"),
    ])
    func readsAmounts(_ text: String, _ slot: String) { #expect(slots(text) == [slot]) }

    @Test(arguments: [
        ("what changed yesterday", "time=yesterday"), ("since monday", "time=since monday"),
        ("last 24h", "time=since 86400s ago"),
        ("in the last 3 days", "time=since 259200s ago"), ("over the past hour", "time=since 3600s ago"),
        ("2 hours ago", "time=7200s ago"), ("until 18:30", "time=until 18:30"), ("at 9 pm", "time=21:00"),
        ("since 2026-03-01", "time=since 2026-03-01"), ("on friday", "time=friday"), ("this month", "time=this month"),
        ("last week", "time=last week"), ("since yesterday", "time=since yesterday"),
        ("at 2026-03-01T10:00:00Z", "time=2026-03-01T10:00:00.000000Z"), ("by tomorrow", "time=until tomorrow"),
        ("since 2 hours ago", "time=since 7200s ago"),
    ])
    func readsTimes(_ text: String, _ slot: String) { #expect(slots(text) == [slot]) }

    @Test(arguments: [
        ("is CVE-2021-44228 here?", "cve=CVE-2021-44228"), ("cve-2021-44228.", "cve=CVE-2021-44228"),
        ("approve act_01jd4k3v8m7qk2x9s0c5t6w8yz", "action=act_01jd4k3v8m7qk2x9s0c5t6w8yz"),
        ("why fnd_01jd4k3v8m7qk2x9s0c5t6w8yz?", "finding=fnd_01jd4k3v8m7qk2x9s0c5t6w8yz"),
        ("see https://example.org/a?b=2, please", "url=https://example.org/a?b=2"),
        ("open ./deploy/values.yaml", "path=./deploy/values.yaml"), ("look at src/main.swift", "path=src/main.swift"),
        ("in /etc/hosts", "path=/etc/hosts"), ("fix (Package.swift)", "path=Package.swift"),
        ("revert commit 1a2b3c4", "git_ref=1a2b3c4"), ("merge branch feature/login", "git_ref=feature/login"),
        ("roll back to v1.2.3", "git_ref=v1.2.3"), ("reset to HEAD~2", "git_ref=HEAD~2"),
        ("at 4b825dc642cb6eb9a060e54bf8d69288fbee4904", "git_ref=4b825dc642cb6eb9a060e54bf8d69288fbee4904"),
        ("critical ones", "severity=critical"), ("sev 2", "severity=high"), ("a P1", "severity=critical"),
        ("high findings", "severity=high"), ("moderate vulnerabilities", "severity=medium"),
    ])
    func readsNamesAndSeverities(_ text: String, _ slot: String) { #expect(slots(text) == [slot]) }

    @Test(arguments: [
        "how high is it", "and/or", "a low blow", "version of it", "the service is down", "i want to test it",
        "act_01jd4k3v8m7qk2x9s0c5t6w8y", "CVE-21-1", "hello", "", "///", "10:99", "e.g. this",
    ])
    func takesNothingForSomething(_ text: String) {
        #expect(!slots(text).contains { !$0.hasPrefix("number=") && !$0.hasPrefix("path=///") }, "\(slots(text))")
    }

    @Test func readsAWholeRequest() {
        let tagger = SlotTagger([
            Gazetteer("service", values: ["checkout"]), Gazetteer("namespace", values: ["payments"]),
        ])
        #expect(
            slots("Scale service checkout in namespace payments to 5 replicas in prod for 2 hours", tagger) == [
                "service=checkout", "namespace=payments", "quantity=5 replicas", "environment=production",
                "duration=7200s",
            ])
    }

    @Test func rangesAreOfTheTextAsGiven() throws {
        let text = "Größe ändern: «Überweisung» for 2 hours"
        let tagger = SlotTagger([Gazetteer("service", values: ["überweisung"])])
        let found = tagger.slots(in: text)
        let parts = found.map { String(decoding: Array(text.utf8)[$0.range], as: UTF8.self) }
        #expect(parts == ["Überweisung", "2 hours"])
        #expect(found.first?.value == .text("überweisung"))
    }

    @Test func longTextsAreCut() {
        let text = String(repeating: "word ", count: 2000) + "CVE-2021-44228"
        #expect(SlotTagger().slots(in: text).isEmpty)
    }
}
