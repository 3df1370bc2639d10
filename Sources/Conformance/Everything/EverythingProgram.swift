import HTTPTypes
import HummingbirdCore
import Logging
import MCP
import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// `conformance mcp-everything [--port N | --stdio]`: serves ``EverythingService`` until it is stopped. Over HTTP it
/// says on the standard output where, once it takes connections.
enum EverythingProgram {
    static let name = "mcp-everything"

    static func run(_ arguments: [String]) async throws {
        switch arguments {
        case ["--stdio"]: await stdio()
        case []: try await serve(port: 3000)
        default:
            guard arguments.count == 2, arguments[0] == "--port", let port = UInt16(arguments[1]) else {
                throw CaseFiles.Failure(description: "usage: conformance \(name) [--port N | --stdio]")
            }
            try await serve(port: Int(port))
        }
    }

    // MARK: stdio

    private static func stdio() async {
        let (input, feed) = AsyncStream.makeStream(of: [UInt8].self)
        // Reading the standard input blocks a thread, so it has one of its own; it ends with the process.
        let reader = NIOThreadPool(numberOfThreads: 1)
        reader.start()
        reader.submit { _ in
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = read(STDIN_FILENO, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                feed.yield(Array(buffer[..<count]))
            }
            feed.finish()
        }
        await StdioServer(EverythingService(), peer: "", identity: "").run(input: input, output: write)
    }

    private struct WriteFailed: Error {}

    private static func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw WriteFailed() }
            rest = rest.dropFirst(count)
        }
    }

    // MARK: HTTP

    private static func serve(port: Int) async throws {
        var limits = MCPLimits()
        // A client that has gone is noticed when something is written to it.
        limits.keepAlive = .seconds(1)
        let endpoint = StreamableEndpoint(EverythingService(), limits: limits, hosts: .loopback)
        let channel = HTTP1Channel { request, writer, _ in
            try await respond(to: request, writer, endpoint)
        }
        var logger = Logger(label: name)
        logger.logLevel = .error
        let server = Server(
            childChannelSetup: channel,
            configuration: ServerConfiguration(address: .hostname("127.0.0.1", port: port), serverName: nil),
            onServerRunning: { channel in
                print("http://127.0.0.1:\(channel.localAddress?.port ?? port)/mcp")
                fflush(nil)
            }, eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
        try await server.run()
    }

    @concurrent private static func respond(
        to request: Request, _ writer: consuming ResponseWriter, _ endpoint: StreamableEndpoint<EverythingService>
    ) async throws {
        guard request.head.path?.prefix(while: { $0 != "?" }) == "/mcp" else {
            return try await writer.writeResponse(HTTPResponse(status: .notFound))
        }
        let body = try await request.body.collect(upTo: 8 << 20)
        let answer = await endpoint.respond(request.head, body: Array(buffer: body), peer: "", identity: "")
        var head = HTTPResponse(status: answer.status, headerFields: answer.headers)
        switch answer.body {
        case .none: try await writer.writeResponse(head)
        case .bytes(let bytes):
            head.headerFields[.contentLength] = String(bytes.count)
            try await writer.write(response: head, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        case .stream(let events):
            var body = try await writer.writeHead(head)
            for await bytes in events { try await body.write(ByteBuffer(bytes: bytes)) }
            try await body.finish(nil)
        }
    }
}
