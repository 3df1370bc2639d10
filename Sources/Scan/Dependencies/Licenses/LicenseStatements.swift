import Formats

/// What is said of licenses beside the files that name packages: by the metadata of packages that lie in the tree.
struct LicenseStatements: Sendable {
    private struct Statement: Sendable {
        var text: String
        var file: String
    }

    private var byPackage: [String: Statement] = [:]
    /// Debian's are by the installed package, in one image each.
    private var byBinary: [String: Statement] = [:]

    /// What comes first stays.
    mutating func add(_ dependency: Dependency, _ path: String) {
        guard let text = dependency.license, byPackage[dependency.key] == nil else { return }
        byPackage[dependency.key] = Statement(text: text, file: path)
    }

    /// Of a Debian package's copyright file; nothing where it could not be told.
    mutating func add(_ text: String?, _ path: String) {
        guard let text, let package = DebianCopyright.package(path) else { return }
        byBinary[Self.root(path) + package] = Statement(text: text, file: path)
    }

    /// Tells the licenses of packages whose own file does not.
    func complete(_ file: inout DependencyFile) {
        let root = file.path.firstRange(of: "var/lib/dpkg/").map { String(file.path[..<$0.lowerBound]) }
        for index in file.dependencies.indices where file.dependencies[index].license == nil {
            let dependency = file.dependencies[index]
            let statement =
                byPackage[dependency.key] ?? root.flatMap { root in dependency.binary.flatMap { byBinary[root + $0] } }
            guard let statement else { continue }
            file.dependencies[index].license = statement.text
            if statement.file != file.path { file.dependencies[index].licenseFile = statement.file }
        }
    }

    private static func root(_ path: String) -> String {
        path.firstRange(of: "usr/share/doc/").map { String(path[..<$0.lowerBound]) } ?? ""
    }
}
