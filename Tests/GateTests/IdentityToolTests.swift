import Core
import JSON
import Testing

@testable import Gate

@Suite struct IdentityToolTests {
    private struct World {
        let premises: Premises
        let rooms: Rooms
        let admin: Principal
        let context: ActionContext

        init() async throws {
            premises = Premises()
            rooms = try await premises.open()
            admin = try await rooms.identity.addPrincipal(kind: .person, name: "Grace", roles: ["admin"])
            context = ActionContext(
                principal: admin, session: try rooms.sessions.enter(admin, session: nil, class: nil))
        }

        func tool(_ id: String) throws -> any Tool {
            let all = AdminTools.all(identity: rooms.identity, sessions: rooms.sessions)
            return try #require(all.first { $0.descriptor.id == id })
        }

        func action(_ tool: String, _ arguments: JSON) -> Action {
            Action(
                id: Identifier.make("act", at: premises.clock.now()), tool: tool, target: "gate", arguments: arguments)
        }

        func preview(_ action: Action) async throws -> Preview {
            try await tool(action.tool).preview(action, in: context)
        }
        func perform(_ action: Action) async throws -> JSON {
            try await tool(action.tool).perform(action, in: context).value
        }
        func reconcile(_ action: Action) async throws -> Reconciliation {
            try await tool(action.tool).reconcile(action, in: context)
        }

        /// What the undo plan of a preview does.
        func undo(_ preview: Preview) async throws {
            let plan = try #require(preview.undo)
            _ = try await perform(action(plan.tool, plan.arguments))
        }
    }

    @Test func allRegister() async throws {
        let world = try await World()
        let tools = try ToolRegistry(AdminTools.all(identity: world.rooms.identity, sessions: world.rooms.sessions))
        #expect(tools.descriptors.count == 9)
        #expect(try tools.descriptor(of: "gate.key.create").effect == .reveal)
        #expect(tools.descriptors.filter { $0.effect == .change }.count == 8)
    }

    @Test func addingIsPreviewedAndUndone() async throws {
        let world = try await World()
        let add = world.action("gate.principal.add", ["kind": "agent", "name": "bot", "roles": ["operator"]])
        #expect(try await world.reconcile(add) == .didNotHappen)
        let preview = try await world.preview(add)
        #expect(preview.summary.contains("bot (agent prn_"))
        #expect(try await world.rooms.identity.principals().count == 1)
        let id = try #require(try await world.perform(add)["id"]?.string)
        #expect(preview.facts["principal"]?.string == id)
        #expect(try await world.rooms.identity.principal(id).roles == ["operator"])
        // Never twice.
        #expect(await codeThrown { _ = try await world.perform(add) } == .conflict)
        guard case .happened = try await world.reconcile(add) else {
            throw GatehouseError("test", .internal, "it did happen")
        }
        try await world.undo(preview)
        #expect(await codeThrown { _ = try await world.rooms.identity.principal(id) } == .notFound)
    }

    @Test func malformedArgumentsAreRefused() async throws {
        let world = try await World()
        let wrong: [(String, JSON)] = [
            ("gate.principal.add", ["kind": "robot", "name": "x", "roles": []]),
            ("gate.principal.add", ["kind": "agent", "name": "x"]),
            ("gate.principal.add", ["kind": "agent", "name": "x", "roles": ["A B"]]),
            ("gate.key.create", ["name": "x"]),
            ("gate.key.create", ["principal": JSON(world.admin.id), "name": "x", "expires_in": 0]),
            ("gate.key.create", ["principal": JSON(world.admin.id), "name": "x", "expires_in": "1"]),
            ("gate.principal.kill", ["principal": JSON(world.admin.id)]),
            ("gate.session.break_glass", ["reason": "short"]),
            ("gate.session.break_glass", ["reason": "long enough to be one", "seconds": 3601]),
            ("gate.review.close", [:]),
        ]
        for (tool, arguments) in wrong {
            #expect(
                await codeThrown { _ = try await world.perform(world.action(tool, arguments)) } == .invalid,
                "\(tool) \(arguments)")
        }
    }

    @Test func aKeyIsShownOnceAndRevoked() async throws {
        let world = try await World()
        let create = world.action(
            "gate.key.create", ["principal": JSON(world.admin.id), "name": "laptop", "expires_in": 3600])
        let answer = try await world.perform(create)
        let credential = Credential.apiKey(Secret(try #require(answer["key"]?.string)))
        #expect(try await world.rooms.identity.identify(credential) == world.admin)
        let id = try #require(answer["id"]?.string)
        let revoke = world.action("gate.key.revoke", ["key": JSON(id)])
        let preview = try await world.preview(revoke)
        #expect(preview.summary.contains("\"laptop\" of Grace"))
        #expect(preview.undo == nil)
        #expect(try await world.reconcile(revoke) == .didNotHappen)
        _ = try await world.perform(revoke)
        #expect(await codeThrown { _ = try await world.rooms.identity.identify(credential) } == .unauthenticated)
        #expect(try await world.reconcile(revoke) != .didNotHappen)
    }

    @Test func aKeyThatNobodySawIsRevokedWhenReconciled() async throws {
        let world = try await World()
        let create = world.action("gate.key.create", ["principal": JSON(world.admin.id), "name": "lost"])
        let answer = try await world.perform(create)
        #expect(try await world.reconcile(create) == .didNotHappen)
        let credential = Credential.apiKey(Secret(try #require(answer["key"]?.string)))
        #expect(await codeThrown { _ = try await world.rooms.identity.identify(credential) } == .unauthenticated)
    }

    @Test func stoppingIsUndoneByReviving() async throws {
        let world = try await World()
        let bot = try await world.rooms.identity.addPrincipal(kind: .agent, name: "bot", roles: [])
        _ = try await world.rooms.identity.createKey(for: bot.id, name: "k", expires: nil)
        let kill = world.action("gate.principal.kill", ["principal": JSON(bot.id), "reason": "it leaks"])
        let preview = try await world.preview(kill)
        #expect(preview.summary.contains("1 keys"))
        #expect(!world.rooms.identity.isStopped(bot.id))
        _ = try await world.perform(kill)
        #expect(world.rooms.identity.isStopped(bot.id))
        let revive = world.action("gate.principal.revive", ["principal": JSON(bot.id)])
        let back = try await world.preview(revive)
        try await world.undo(preview)
        #expect(!world.rooms.identity.isStopped(bot.id))
        try await world.undo(back)
        #expect(world.rooms.identity.isStopped(bot.id))
    }

    @Test func sessionsEndAndGlassIsBrokenAndReviewed() async throws {
        let world = try await World()
        let glass = world.action("gate.session.break_glass", ["reason": "the cluster is on fire", "seconds": 60])
        #expect(try await world.preview(glass).summary.contains("60 seconds"))
        _ = try await world.perform(glass)
        #expect(try await world.reconcile(glass) != .didNotHappen)
        #expect(try world.rooms.sessions.current(world.context.session.id).breakGlass == "the cluster is on fire")

        let review = try #require(try await world.rooms.sessions.reviews().first)
        let close = world.action("gate.review.close", ["review": JSON(review.id), "note": "all went as it should"])
        #expect(try await world.preview(close).summary.contains("the cluster is on fire"))
        #expect(await codeThrown { _ = try await world.perform(close) } == .denied)

        let end = world.action("gate.session.end", ["session": JSON(world.context.session.id)])
        #expect(try await world.preview(end).summary.contains("standard"))
        _ = try await world.perform(end)
        #expect(try await world.reconcile(end) != .didNotHappen)
        #expect(await codeThrown { _ = try await world.preview(end) } == .denied)
    }
}
