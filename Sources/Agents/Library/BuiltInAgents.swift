/// The definitions that Gatehouse brings along, as files.
enum BuiltInAgents {
    static let files: [(name: String, bytes: [UInt8])] = [
        ("orchestrator", PackageResources.orchestrator_yaml), ("explorer", PackageResources.explorer_yaml),
        ("librarian", PackageResources.librarian_yaml), ("oracle", PackageResources.oracle_yaml),
        ("fixer", PackageResources.fixer_yaml), ("designer", PackageResources.designer_yaml),
        ("council", PackageResources.council_yaml),
    ]
}
