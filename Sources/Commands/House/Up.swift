import ArgumentParser
import Core
import Logging
import Server
import ServiceLifecycle

struct Up: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the console and the API until told to stop.",
        discussion: "SIGTERM and SIGINT stop it after what is in flight; SIGHUP reads the configuration again.")

    @OptionGroup var house: HouseOptions
    @Option(help: ArgumentHelp("Where to listen.", valueName: "host:port")) var listen: ListenAddress = .standard
    @Option(help: "What to log: debug, info, notice, warning or error.") var log: LogLevel = .info

    func run() async throws {
        let logger = LogSetup.full(level: log.level)
        let house = try await House.open(
            dataDirectory: house.dataFolder, configuration: try house.configuration(),
            listen: .tcp(host: listen.host, port: listen.port), version: Version.text, logger: logger)
        try await house.run { doors in
            if Terminal.isInteractive {
                Terminal.say(
                    "Gatehouse is up on \(doors.address ?? ""). Sign in once with this link, within 10 minutes:")
                Terminal.say(try await house.signInLink())
            }
            try await untilCancelled()
        }
    }

    /// Until the service group winds down.
    private func untilCancelled() async throws {
        while !Task.isShuttingDownGracefully && !Task.isCancelled { try await Task.sleep(for: .seconds(3600)) }
    }
}

/// `127.0.0.1:8700`, `[::1]:8700`, `:8700`.
struct ListenAddress: ExpressibleByArgument {
    var host: String
    var port: Int

    static let standard = ListenAddress(host: "127.0.0.1", port: 8700)

    private init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    init?(argument: String) {
        guard let colon = argument.lastIndex(of: ":"), let port = Int(argument[argument.index(after: colon)...]),
            (0...65_535).contains(port)
        else { return nil }
        var host = argument[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        self.init(host: host.isEmpty ? ListenAddress.standard.host : String(host), port: port)
    }

    var defaultValueDescription: String { "\(host):\(port)" }
}

enum LogLevel: String, CaseIterable, ExpressibleByArgument {
    case debug, info, notice, warning, error

    var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .info }
}
