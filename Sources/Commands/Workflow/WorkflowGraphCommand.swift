import ArgumentParser
import Core
import Flow

struct WorkflowGraphCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph", abstract: "Draw a workflow: what follows what, who agrees, what is waited for.")

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, mermaid, svg
    }

    enum Theme: String, ExpressibleByArgument, CaseIterable {
        case auto, light, dark
    }

    @Argument(help: "A file with a workflow; - for standard input.") var file: String
    @Option(help: "text for a terminal, mermaid or svg.") var format = Format.text
    @Option(help: "The colours of svg: auto (as whoever looks at it has chosen), light or dark.") var theme = Theme.auto

    func run() throws {
        let graph = WorkflowGraph(try workflow())
        switch format {
        case .text: Terminal.data(graph.text())
        case .mermaid: Terminal.data(graph.mermaid())
        case .svg: Terminal.data(graph.svg(theme: WorkflowGraph.Theme(rawValue: theme.rawValue) ?? .auto))
        }
    }

    private func workflow() throws -> Workflow {
        do {
            return try WorkflowFile.read(file)
        } catch let found as WorkflowProblems {
            for problem in found.problems { Terminal.say(Plain.text("\(file):\(problem)")) }
            throw ExitStatus.found.code
        }
    }
}
