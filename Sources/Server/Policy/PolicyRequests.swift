import AsyncHTTPClient
import Core
import Gate
import NIOCore
import NIOHTTP1
import Policy
import Rego
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Sends what policy asks servers for, to those that the configuration names and to no others.
///
/// An evaluation runs to its end on one thread, and `http.send` makes that thread wait. So evaluations of policy that
/// calls it run on threads of their own (``PolicyThreads``): at most as many requests are on their way as there are such
/// threads, and what asks no server is never behind what does. Each request has a client of its own: no connection
/// that one server keeps open serves another question, and there is nothing to end with the house.
final class PolicyRequests: HTTPAccess {
    static let greatestRedirects = 10
    private let hosts: Hosts
    private let threads: PolicyThreads
    private let agent: String

    private final class Hosts: Sendable {
        let allowed: Mutex<AllowedHosts>

        init(_ allowed: AllowedHosts) { self.allowed = Mutex(allowed) }
    }

    convenience init(_ allowed: AllowedHosts, on threads: PolicyThreads, version: String) {
        self.init(Hosts(allowed), threads, agent: "gatehouse/\(version)")
    }

    private init(_ hosts: Hosts, _ threads: PolicyThreads, agent: String) {
        self.hosts = hosts
        self.threads = threads
        self.agent = agent
    }

    /// To the same hosts, now and after every reload.
    func on(_ threads: PolicyThreads) -> PolicyRequests { PolicyRequests(hosts, threads, agent: agent) }

    func reload(_ allowed: AllowedHosts) { hosts.allowed.withLock { $0 = allowed } }

    func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await threads.run(work)
    }

    // MARK: Sending

    func send(
        _ request: HTTPSendRequest, until deadline: ContinuousClock.Instant
    ) throws(HTTPSendError) -> HTTPSendResponse {
        var left = request.retries
        var pause = Duration.milliseconds(100)
        while true {
            do throws(HTTPSendError) { return try follow(request, until: deadline) } catch {
                guard error.code == .network, left > 0, ContinuousClock.now + pause < deadline else { throw error }
                usleep(UInt32(clamping: pause.microseconds))
                left -= 1
                pause = min(pause * 2, .seconds(60))
            }
        }
    }

    /// One attempt, with the redirects that it leads to.
    private func follow(
        _ request: HTTPSendRequest, until deadline: ContinuousClock.Instant
    ) throws(HTTPSendError) -> HTTPSendResponse {
        let deadline = min(deadline, ContinuousClock.now + request.timeout)
        var (request, target) = (request, try self.target(request.url))
        for _ in 0...Self.greatestRedirects {
            let response = try PolicyExchange(agent: agent, deadline: deadline).send(request, to: target)
            guard request.followsRedirects, [301, 302, 303, 307, 308].contains(response.code),
                let location = response.headers.first(where: { $0.name == "location" })?.value
            else { return response }
            let next = try self.target(after: location, from: target)
            if response.code < 307, request.method != "HEAD" { (request.method, request.body) = ("GET", []) }
            if next.name != target.name { request.headers.removeAll { Self.credentials.contains($0.name) } }
            target = next
        }
        throw HTTPSendError(.network, "\(target.name) redirects more than \(Self.greatestRedirects) times")
    }

    /// They are for the server that they were given for.
    private static let credentials: Set<String> = ["authorization", "cookie", "proxy-authorization"]

    private func target(after location: String, from target: HTTPTarget) throws(HTTPSendError) -> HTTPTarget {
        let next: HTTPTarget
        do { next = try target.following(location) } catch { throw HTTPSendError(.refused, error.message) }
        guard next.isSecure || !target.isSecure else {
            throw HTTPSendError(.refused, "\(target.name) redirects from https to http, which is not followed")
        }
        return try self.target(next.url, via: target)
    }

    private func target(_ url: String, via: HTTPTarget? = nil) throws(HTTPSendError) -> HTTPTarget {
        let target: HTTPTarget
        do { target = try HTTPTarget(url) } catch { throw HTTPSendError(.refused, error.message) }
        guard hosts.allowed.withLock({ $0.allow(target) }) else {
            let origin = via.map { ", to which \($0.name) redirects," } ?? ""
            throw HTTPSendError(
                .refused,
                "the host \(target.name)\(origin) is not among those of policy.http_hosts in the configuration")
        }
        return target
    }
}

/// One request and its response, waited for on the calling thread.
private struct PolicyExchange {
    let agent: String
    let deadline: ContinuousClock.Instant

    func send(_ asked: HTTPSendRequest, to target: HTTPTarget) throws(HTTPSendError) -> HTTPSendResponse {
        let left = deadline - ContinuousClock.now
        guard left > .zero else { throw timedOut(asked, target) }
        let time = TimeAmount.microseconds(max(1, left.microseconds))
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout = HTTPClient.Configuration.Timeout(connect: time, read: time)
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        defer { try? client.syncShutdown() }
        do {
            let request = try request(asked, target)
            let response = try client.execute(
                request: request, delegate: ResponseAccumulator(request: request, maxBodySize: asked.responseLimit),
                deadline: .now() + time
            ).wait()
            return Self.response(response)
        } catch let error as HTTPSendError { throw error } catch let error as HTTPClientError
            where error == .deadlineExceeded || error == .readTimeout || error == .connectTimeout
        {
            throw timedOut(asked, target)
        } catch is ResponseAccumulator.ResponseTooBigError {
            throw HTTPSendError(.network, "\(target.name) answers more than \(asked.responseLimit) bytes")
        } catch {
            throw HTTPSendError(.network, "\(target.name) cannot be asked: \(error)")
        }
    }

    private func timedOut(_ asked: HTTPSendRequest, _ target: HTTPTarget) -> HTTPSendError {
        HTTPSendError(.network, "\(asked.method) \(target.name): request timed out")
    }

    private func request(_ asked: HTTPSendRequest, _ target: HTTPTarget) throws -> HTTPClient.Request {
        var headers = HTTPHeaders(asked.headers.map { ($0.name, $0.value) })
        if !headers.contains(name: "user-agent") { headers.add(name: "user-agent", value: agent) }
        let request = try HTTPClient.Request(
            url: target.url, method: HTTPMethod(rawValue: asked.method), headers: headers,
            body: asked.body.isEmpty ? nil : .bytes(asked.body))
        // What is connected to is what was allowed, however the client reads the URL.
        let host = request.host.lowercased().filter { $0 != "[" && $0 != "]" }
        guard host == target.host || host == target.host + ".", request.port == target.port else {
            throw HTTPSendError(.refused, "the URL of \(target.name) can be read in more than one way")
        }
        return request
    }

    private static func response(_ response: HTTPClient.Response) -> HTTPSendResponse {
        HTTPSendResponse(
            code: Int(response.status.code), status: "\(response.status.code) \(response.status.reasonPhrase)",
            headers: response.headers.map { HTTPSendHeader($0.name.lowercased(), $0.value) },
            body: response.body.map { Array($0.readableBytesView) } ?? [])
    }
}
