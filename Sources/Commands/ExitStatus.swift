import ArgumentParser
import Core

/// What the process says of itself when it ends. Documented in the program's help: changing a number breaks pipelines.
enum ExitStatus: Int32 {
    case done = 0
    case found = 1
    case usage = 2
    case denied = 3
    case waiting = 4
    case unavailable = 5
    case corrupt = 6
    case fault = 70

    init(for code: GatehouseError.Code) {
        self =
            switch code {
            case .invalid, .notFound, .tooLarge, .unsupported: .usage
            case .unauthenticated, .denied: .denied
            case .conflict, .exhausted, .cancelled, .timeout, .unavailable: .unavailable
            case .corrupt: .corrupt
            case .internal: .fault
            }
    }

    var code: ExitCode { ExitCode(rawValue) }
}
