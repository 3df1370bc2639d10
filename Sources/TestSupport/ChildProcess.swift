public import Foundation

extension Process {
    /// Ends it for certain: a child begins with the signals ignored that this process ignores, and one that runs a house
    /// ignores those that ask to end.
    public func end() {
        guard isRunning else { return }
        kill(processIdentifier, SIGKILL)
        waitUntilExit()
    }
}
