/// The definitions that Gatehouse brings along, as files.
enum BuiltInAgents {
    static let files: [(name: String, bytes: [UInt8])] = []
}
