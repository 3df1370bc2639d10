import Intent
import Testing

@Suite struct GazetteerTests {
    private let tagger = SlotTagger([
        Gazetteer(
            "service",
            [
                Gazetteer.Entry("payment-api", aliases: ["payments backend"]), Gazetteer.Entry("checkout"),
                Gazetteer.Entry("api"),
            ]),
        Gazetteer("namespace", values: ["checkout", "kube-system"]),
        Gazetteer("environment", values: ["prod-eu", "prod-us"]),
    ])

    private func first(_ text: String) -> Slot? { tagger.slots(in: text).first }

    @Test(arguments: ["payment-api", "Payment API", "payment_api", "PaymentApi", "PAYMENT  API", "payments backend"])
    func caseAndSeparatorsDoNotMatter(_ name: String) throws {
        let slot = try #require(first("restart \(name) now"))
        #expect(slot.name == "service" && slot.value == .text("payment-api") && slot.source == .gazetteer)
        #expect(slot.range == 8..<8 + name.utf8.count)
    }

    @Test func theLongestNameIsTaken() {
        #expect(tagger.slots(in: "restart payment api").map(\.value) == [.text("payment-api")])
        #expect(tagger.slots(in: "restart the api").map(\.value) == [.text("api")])
    }

    @Test(arguments: ["payment-apo", "paymnt-api", "paymentt-api", "paymetn-api", "kube-sytem"])
    func oneSlipIsForgivenInLongNames(_ name: String) throws {
        let slot = try #require(first("restart \(name)"))
        #expect(slot.source == .fuzzy && slot.confidence < 0.8)
    }

    @Test(arguments: ["paymnt-apo", "apo", "pay"])
    func twoSlipsAndShortNamesAreNot(_ name: String) { #expect(first("restart \(name)") == nil) }

    @Test func whatMayBeSeveralThingsIsReported() throws {
        let slot = try #require(first("look at checkout"))
        #expect(slot.name == "service" && slot.alternatives.map(\.name) == ["namespace"])
        #expect(slot.confidence < 0.5)
    }

    @Test(arguments: [
        ("namespace checkout", "namespace"), ("the checkout namespace", "namespace"),
        ("service named checkout", "service"),
        ("the checkout app", "service"), ("ns checkout", "namespace"),
    ])
    func wordsBesideANameDecide(_ text: String, _ name: String) throws {
        let slot = try #require(first(text))
        #expect(slot.name == name && slot.alternatives.isEmpty && slot.confidence > 0.9)
    }

    @Test func givenEnvironmentsTakeThePlaceOfTheUsualOnes() {
        #expect(first("in prod eu")?.value == .text("prod-eu"))
        #expect(first("in staging") == nil)
        #expect(SlotTagger().slots(in: "in staging").first?.value == .text("staging"))
        #expect(SlotTagger().slots(in: "a test of it").isEmpty)
    }

    @Test(arguments: [
        ("namespace web-42", "web-42", "namespace"), ("pod named ada", "ada", "pod"),
        ("the ledger service", "ledger", "service"),
        ("repo: acme/shop", "acme/shop", "repository"),
    ])
    func unknownNamesAreToldByTheirCompany(_ text: String, _ value: String, _ name: String) throws {
        let slot = try #require(first(text))
        #expect(slot.name == name && slot.value == .text(value) && slot.source == .context)
    }

    @Test func manyNamesAreQuickToLookThrough() {
        let names = (0..<20_000).map { "service-\($0)-of-team" }
        let tagger = SlotTagger([Gazetteer("service", values: names)])
        #expect(tagger.slots(in: "restart service 19999 of team").first?.value == .text("service-19999-of-team"))
    }
}
