import ArgumentParser
import Core
import JSON
import Web

struct MCPLogin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login", abstract: "Authorize the gateway at an MCP server that wants that of each who uses it.",
        discussion:
            "Prints two addresses to open in a browser: one signs you in to the console, the other goes to the server.")

    @OptionGroup var house: HouseOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The server.") var server: String

    func run() async throws {
        let path = "/api/v1/mcp/servers/\(Percent.encode(server))/login"
        let value = try await withRunningHouse(house) { try await $0.post(path, [:]) }
        if output.json { return Terminal.data(value.text(pretty: true) + "\n") }
        let link = try await withRunningHouse(house) { try await $0.post("/api/v1/sign-in-links", [:]) }
        Terminal.say("if you are not signed in to the console in your browser, open this first, once:")
        Terminal.data("  \(link["url"]?.string ?? "")\n")
        Terminal.say("then authorize the gateway at \(Plain.text(server)):")
        Terminal.data("  \(value["url"]?.string ?? "")\n")
    }
}

struct MCPLogout: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logout", abstract: "Forget that you have authorized the gateway at an MCP server.")

    @OptionGroup var house: HouseOptions
    @Argument(help: "The server.") var server: String

    func run() async throws {
        let path = "/api/v1/mcp/servers/\(Percent.encode(server))/logout"
        _ = try await withRunningHouse(house) { try await $0.post(path, [:]) }
        Terminal.say("forgotten; what the server itself knows of it is ended there")
    }
}
