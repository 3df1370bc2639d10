import AsyncHTTPClient
import Core
import Foundation
import Gate
import JSON
import NIOCore
import NIOHTTP1
import Scan
import TestSupport
import Testing
import Web

@testable import Server

@Suite("Assessing over the network", .serialized)
struct AssessTests {
    private static func wanted(_ folder: String) -> JSON {
        ["tool": "scan.assess", "target": .string("repo:\(folder)"), "arguments": ["path": .string(folder)]]
    }

    /// A folder in the house's own, with a link in it that leads out.
    private static func makeTree(_ running: RunningHouse) throws -> String {
        let folder = running.house.dataDirectory + "/repositories"
        try FileManager.default.createDirectory(atPath: folder + "/shop", withIntermediateDirectories: true)
        try "nothing\n".write(toFile: folder + "/shop/readme", atomically: true, encoding: .utf8)
        try FileManager.default.createSymbolicLink(atPath: folder + "/out", withDestinationPath: "/etc")
        return folder
    }

    @Test("a key reaches what lies in a root, links resolved, and is told what to do otherwise")
    func byKey() async throws {
        try await RunningHouse.with { running in
            let folder = try Self.makeTree(running)
            func ask(_ path: String) async throws -> RunningHouse.Answer {
                try await running.send(.POST, "/api/v1/actions", key: running.agentKey, json: Self.wanted(path))
            }
            let refused = try await ask(folder + "/shop")
            #expect(refused.status == 403 && refused.text.contains("assess.roots"), "\(refused.text)")
            running.house.assessRoots.folders = [folder]
            #expect(try await ask(folder + "/shop").status == 200)
            #expect(try await ask(folder + "/out").status == 403)
            #expect(try await ask(folder + "/../keys").status == 403)
        }
    }

    @Test("the user of this machine names any path over the socket, and not over the console's cookie")
    func byUser() async throws {
        try await RunningHouse.with { running in
            let folder = try Self.makeTree(running)
            let path = Percent.encode(running.house.doors.socket)
            var request = HTTPClientRequest(url: "http+unix://\(path)/api/v1/actions")
            request.method = .POST
            request.headers.add(name: "host", value: "localhost")
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: Self.wanted(folder + "/shop").bytes()))
            let answer = try await running.client.execute(request, timeout: .seconds(120))
            #expect(answer.status == .ok)

            let local = try await running.house.gate.identify(.localUser(uid: LocalUser.uid, name: LocalUser.name))
            let sign = try await running.signIn(local)
            let refused = try await running.send(
                .POST, "/api/v1/actions", json: Self.wanted(folder + "/shop"),
                headers: [("cookie", sign.cookie), ("x-csrf-token", sign.csrf)])
            #expect(refused.status == 403 && refused.text.contains("assess.roots"), "\(refused.text)")
        }
    }

    @Test("by when findings are due is read from the file, and again on reload")
    func levels() async throws {
        let scratch = ScratchFolder()
        defer { scratch.remove() }
        let file = scratch.path + "/gatehouse.yaml"
        try "assess: {sla: {critical: 2d}}\n".write(toFile: file, atomically: true, encoding: .utf8)
        let configuration = try HouseConfiguration.load(file)
        #expect(configuration.assess.levels.limits[.critical] == .seconds(2 * 86_400))
        #expect(configuration.assess.levels.limits[.low] == ServiceLevels.standard[.low])
        try await RunningHouse.with(configure: { $0 = configuration }) { running in
            #expect(running.house.levels.current == configuration.assess.levels)
            try "assess: {}\n".write(toFile: file, atomically: true, encoding: .utf8)
            await running.house.reload()
            #expect(running.house.levels.current == ServiceLevels())
        }
    }

    @Test("roots are read from the file, from its folder on, and again on reload")
    func configured() async throws {
        let scratch = ScratchFolder()
        defer { scratch.remove() }
        let folder = scratch.path
        let file = folder + "/gatehouse.yaml"
        try "assess: {roots: [/srv/one, two]}\n".write(toFile: file, atomically: true, encoding: .utf8)
        let configuration = try HouseConfiguration.load(file)
        #expect(configuration.assess.roots == ["/srv/one", folder + "/two"])
        try await RunningHouse.with(configure: { $0 = configuration }) { running in
            #expect(running.house.assessRoots.folders == ["/srv/one", folder + "/two"])
            try "assess: {}\n".write(toFile: file, atomically: true, encoding: .utf8)
            await running.house.reload()
            #expect(running.house.assessRoots.folders.isEmpty)
        }
    }
}
