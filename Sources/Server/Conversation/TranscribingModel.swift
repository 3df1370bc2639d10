import Synchronization

/// The model that writes down what is spoken, as the configuration in force has it.
final class TranscribingModel: Sendable {
    private let current: Mutex<String?>

    init(_ name: String?) { current = Mutex(name) }

    /// As people write it; nil where none is configured.
    var name: String? {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }
}
