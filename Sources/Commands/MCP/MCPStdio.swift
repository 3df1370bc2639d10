import ArgumentParser
import AsyncHTTPClient
import Core
import MCP

struct MCPStdio: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stdio", abstract: "Speak MCP over standard input and output, for editors and agents.")

    @OptionGroup var house: HouseOptions

    func run() async throws {
        try await withHouse(house) { client in
            let http = HTTPTransport.makeClient()
            let relay = MCPRelay(socket: client.socket, http: http, version: Version.text)
            await StdioServer(relay, peer: "stdio", identity: "stdio").run(input: StandardInput.pieces) { bytes in
                Terminal.data(bytes)
            }
            try await http.shutdown()
        }
    }
}
