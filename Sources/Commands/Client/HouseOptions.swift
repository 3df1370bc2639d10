import ArgumentParser
import Core
import Server

/// Where the house keeps its data; shared by every command that needs a house.
struct HouseOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The data folder.", discussion: "Default: $GATEHOUSE_DATA, else ~/.local/share/gatehouse.", valueName: "dir"
        ))
    var data: String?

    @Option(
        help: ArgumentHelp(
            "The configuration file.",
            discussion: "Default: $GATEHOUSE_CONFIG, else gatehouse.yaml in the data folder, if there is one.",
            valueName: "file"))
    var config: String?

    var dataFolder: String {
        if let data { return data }
        if let set = Terminal.environment("GATEHOUSE_DATA"), !set.isEmpty { return set }
        if let base = Terminal.environment("XDG_DATA_HOME"), !base.isEmpty { return base + "/gatehouse" }
        return (Terminal.environment("HOME") ?? "/var/lib") + "/.local/share/gatehouse"
    }

    /// The file that was named, or the data folder's own if there is one.
    var configurationPath: String? {
        if let named = config ?? Terminal.environment("GATEHOUSE_CONFIG"), !named.isEmpty { return named }
        let own = dataFolder + "/gatehouse.yaml"
        return WholeFile.exists(own) ? own : nil
    }

    func configuration() throws -> HouseConfiguration {
        try configurationPath.map(HouseConfiguration.load) ?? HouseConfiguration()
    }
}

struct OutputOptions: ParsableArguments {
    @Flag(help: "Print JSON, for machines.") var json = false
}
