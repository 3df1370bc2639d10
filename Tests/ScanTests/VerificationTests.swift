import Core
import JSON
import NIOCore
import NIOHTTP1
import NIOPosix
import Privacy
import Synchronization
import Testing

@testable import Scan

/// Issuers are asked, each for its own, with a server of ours in their place.
@Suite struct VerificationTests {
    private func verifier(_ issuer: FakeIssuer, time: Duration = .seconds(10)) -> SecretVerifier {
        SecretVerifier(limits: .init(secrets: 3, time: time)) { "\(issuer.address)/\($0.host)" }
    }

    private func ask(_ issuer: FakeIssuer, _ rule: String, _ secret: String) async throws -> Validity? {
        let question = SecretVerifier.Question(rule: rule, secret: Secret(secret))
        return try await verifier(issuer).ask([question]) { _ in }[question]
    }

    @Test(arguments: [
        ("github-token", 200, "{}", Validity.active), ("github-token", 401, "{}", .revoked),
        ("github-token", 403, "{}", .unknown), ("gitlab-personal-token", 401, "{}", .unknown),
        ("gitlab-personal-token", 200, "{}", .active), ("stripe-key", 403, "{}", .active),
        ("slack-bot-token", 200, #"{"ok":true}"#, .active),
        ("slack-bot-token", 200, #"{"ok":false,"error":"token_revoked"}"#, .revoked),
        ("slack-bot-token", 200, #"{"ok":false,"error":"ratelimited"}"#, .unknown),
        ("slack-bot-token", 200, "<html>", .unknown), ("openai-key", 500, "", .unknown),
        ("anthropic-key", 401, "", .revoked), ("npm-token", 302, "", .unknown),
        ("telegram-bot-token", 404, "", .revoked),
    ])
    func answersMean(rule: String, status: Int, body: String, validity: Validity) async throws {
        let issuer = try await FakeIssuer(status, body)
        #expect(try await ask(issuer, rule, "value-1") == validity)
        try await issuer.stop()
    }

    @Test func howSecretsAreShown() async throws {
        let issuer = try await FakeIssuer(200, "{}")
        _ = try await ask(issuer, "github-token", "tok")
        _ = try await ask(issuer, "gitlab-personal-token", "tok")
        _ = try await ask(issuer, "telegram-bot-token", "bot12:AB")
        let seen = issuer.seen
        #expect(
            seen.map(\.uri) == [
                "/api.github.com/rate_limit", "/gitlab.com/api/v4/personal_access_tokens/self",
                "/api.telegram.org/bot12:AB/getMe",
            ])
        #expect(seen[0].headers["authorization"] == ["Bearer tok"] && seen[1].headers["private-token"] == ["tok"])
        #expect(seen[1].headers["authorization"].isEmpty && seen[2].headers["authorization"].isEmpty)
        try await issuer.stop()
    }

    /// Nothing is followed, and nothing is sent that could be more than one header.
    @Test func nothingElseIsAsked() async throws {
        let issuer = try await FakeIssuer(302, "", location: "/elsewhere")
        #expect(try await ask(issuer, "github-token", "tok") == .unknown)
        #expect(try await ask(issuer, "github-token", "tok\r\nx: y") == .unknown)
        #expect(try await ask(issuer, "telegram-bot-token", "12:AB/../x?y") == .unknown)
        #expect(try await ask(issuer, "private-key", "tok") == nil)
        #expect(issuer.seen.map(\.uri) == ["/api.github.com/rate_limit"])
        try await issuer.stop()
        #expect(try await ask(issuer, "github-token", "tok") == .unknown)
    }

    @Test func issuersAreReachedOverTLS() {
        for issuer in SecretIssuer.all {
            #expect(!issuer.host.contains("/") && issuer.path.hasPrefix("/"))
            let known = Set(SecretRule.builtin.map(\.id))
            #expect(issuer.rules.isSubset(of: known), "\(issuer.name)")
        }
        #expect(SecretIssuer.all.reduce(0) { $0 + $1.rules.count } == SecretIssuer.rules.count)
    }

    @Test func assessments() async throws {
        let issuer = try await FakeIssuer(200, "{}")
        let tree = TestTree()
        tree.write("a.py", "k = '\(Fake.gitLab)'\nj = '\(Fake.gitLab)'\nw = '\(Fake.awsKey)'\n")
        tree.write("b.py", "# gatehouse:allow gitlab-personal-token a fake\nk = '\(Fake.gitLab.dropLast())x'\n")
        let asking = Assessor(scanners: try assessor.get().scanners, verifier: verifier(issuer))
        var request = AssessmentRequest(.path(tree.root))
        #expect(try await asking.assess(request).findings.allSatisfy { $0.validity == nil })
        #expect(issuer.seen.isEmpty)
        request.verifies = true
        let result = try await asking.assess(request)
        #expect(issuer.seen.count == 1)
        let tokens = result.findings.filter { $0.rule.id == "gitlab-personal-token" && $0.path == "a.py" }
        #expect(tokens.map(\.validity) == [.active, .active] && tokens.allSatisfy { $0.priority.tier == .now })
        #expect(result.findings.first { $0.rule.id == "aws-access-key-id" }?.validity == nil)
        let again = try AssessmentDocument.parse(AssessmentDocument.json(result))
        #expect(again.findings.first { $0.rule.id == "gitlab-personal-token" }?.validity == .active)
        try await issuer.stop()
    }

    @Test func whatIsBeyondTheBoundIsSaid() async throws {
        let issuer = try await FakeIssuer(401, "{}")
        let tree = TestTree()
        let tokens = (0..<5).map { Fake.gitLab.dropLast() + "\($0)" }
        tree.write("a.py", tokens.map { "k = '\($0)'\n" }.joined())
        let asking = Assessor(scanners: try assessor.get().scanners, verifier: verifier(issuer))
        var request = AssessmentRequest(.path(tree.root))
        request.verifies = true
        let result = try await asking.assess(request)
        #expect(issuer.seen.count == 3)
        #expect(result.unchecked.map(\.reason) == [.unverified])
        try await issuer.stop()
    }

    @Test func verifyingReveals() throws {
        let arguments = try AssessArguments(["path": "/x", "verify": true], limits: .standard)
        let request = try arguments.request()
        #expect(arguments.verifies && request.verifies)
        #expect(throws: GatehouseError.self) { try AssessArguments(["path": "/x", "verify": 1], limits: .standard) }
    }
}

/// A server that gives one answer to everything, and keeps what it was asked.
private final class FakeIssuer: Sendable {
    private let channel: any Channel
    private let heads: Heads

    private final class Heads: Sendable {
        let all = Mutex<[HTTPRequestHead]>([])
    }

    init(_ status: Int, _ body: String, location: String? = nil) async throws {
        let heads = Heads()
        self.heads = heads
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Answering(heads, status, body, location))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    var address: String { "http://127.0.0.1:\(channel.localAddress?.port ?? 0)" }
    var seen: [HTTPRequestHead] { heads.all.withLock { $0 } }
    func stop() async throws { try await channel.close() }

    private final class Answering: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart
        private let heads: Heads
        private let status: Int
        private let body: String
        private let location: String?

        init(_ heads: Heads, _ status: Int, _ body: String, _ location: String?) {
            (self.heads, self.status, self.body, self.location) = (heads, status, body, location)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard case .head(let head) = unwrapInboundIn(data) else { return }
            heads.all.withLock { $0.append(head) }
            var headers = HTTPHeaders([("content-length", "\(body.utf8.count)")])
            if let location { headers.add(name: "location", value: location) }
            let answer = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: headers)
            context.write(wrapOutboundOut(.head(answer)), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}
