import JSON
import TestSupport
import Testing

@testable import MCP

@Suite("Subscriptions", .timeLimit(.minutes(10)))
struct SubscriptionTests {
    private func listen(_ rig: Rig, id: JSON = 5) async -> Reply {
        let wanted: JSON = [
            "toolsListChanged": true, "promptsListChanged": true, "resourceSubscriptions": ["a:b"],
        ]
        return await rig.modern("subscriptions/listen", ["notifications": wanted], id: id)
    }

    @Test func itIsAcknowledgedAndTellsWhatWasWantedOnly() async throws {
        let rig = Rig()
        var events = try EventReader(await listen(rig))
        let acknowledged = await events.message()
        #expect(acknowledged?["method"] == "notifications/subscriptions/acknowledged")
        // The fixture tells no changes of prompts.
        #expect(
            acknowledged?["params"]?["notifications"]
                == ["toolsListChanged": true, "resourceSubscriptions": ["a:b"]])
        for change in [Change.prompts, .resource(uri: "a:c"), .resource(uri: "a:b"), .tools] {
            rig.service.tell(change)
        }
        let (first, second) = (await events.message(), await events.message())
        #expect(first?["params"]?["uri"] == "a:b")
        #expect(second?["method"] == "notifications/tools/list_changed")
        for message in [acknowledged, first, second] {
            #expect(message?["params"]?["_meta"]?[MetaKey.subscriptionID] == 5)
        }
        rig.endpoint.close()
        let rest = await events.rest()
        #expect(rest.count == 1 && rest.first?["id"] == 5)
        #expect(rest.first?["result"]?["_meta"]?[MetaKey.subscriptionID] == 5)
    }

    @Test func aClientThatGoesAwayEndsIt() async throws {
        let rig = Rig()
        do {
            var events = try EventReader(await listen(rig))
            _ = await events.message()
            #expect(rig.endpoint.subscriptions.count == 1)
        }
        try await wait("the peer stands so") {
            rig.endpoint.subscriptions.count == 0 && rig.service.count("unsubscribed") == 1
        }
    }

    @Test func thereAreNoMoreThanTheLimit() async throws {
        let rig = Rig { $0.subscriptions = 2 }
        let (first, second, third) = (await listen(rig), await listen(rig), await listen(rig))
        #expect(third.error == -32603)
        #expect(first.stream != nil && second.stream != nil)
    }

    @Test func silenceIsBrokenByAComment() async throws {
        let rig = Rig { $0.keepAlive = .milliseconds(1) }
        var body = try #require(await listen(rig).stream).makeAsyncIterator()
        _ = await body.next()
        #expect(await body.next() == Array(":\n\n".utf8))
    }

    @Test func tooMuchIsNotWatched() async {
        let rig = Rig { $0.watchedResources = 2 }
        let wanted: JSON = ["resourceSubscriptions": ["a", "b", "c"]]
        #expect(await rig.modern("subscriptions/listen", ["notifications": wanted]).error == -32602)
    }
}
