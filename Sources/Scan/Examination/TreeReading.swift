import Core

extension Assessor {
    /// The same, with one more that reads whole files while the tree is walked.
    package func adding(_ tree: any TreeScanner) -> Assessor {
        Assessor(scanners: scanners, trees: trees + [tree], rules: rules, code: code, tools: tools, clock: clock)
    }
}

/// The code of one file, taken apart as far as values are followed in it.
package struct ReadCode: Sendable {
    package var language: CodeLanguage
    package var statements: [CodeStatement]
    package var lines: LineTable
    package var bytes: [UInt8]
    /// A text or comment never ends, so that what follows it was not understood.
    package var isCutShort: Bool

    /// Nil for a file of another kind, and for one with more code than is looked at.
    package init?(_ bytes: [UInt8], path: String) {
        guard bytes.count <= CodeScanner.greatestBytes, let language = CodeLanguage(path: path) else { return nil }
        var lexer = CodeLexer(bytes, language)
        guard let tokens = lexer.tokens() else { return nil }
        var parser = CodeParser(tokens, language)
        self.language = language
        statements = parser.file()
        lines = LineTable(bytes)
        self.bytes = bytes
        isCutShort = lexer.isCutShort
    }
}

/// A commit that a revision names, where there is a repository to ask.
package enum KnownRevision: Sendable, Hashable {
    case noRepository
    /// - Parameter isShallow: the history was cut off when it was fetched.
    case missing(isShallow: Bool)
    case commit(String)

    /// - Throws: `unavailable` where git cannot be asked.
    package static func find(_ revision: String, in folder: String) async throws -> KnownRevision {
        guard let repository = try await GitRepository.find(at: folder, git: Git()) else { return .noRepository }
        do {
            return .commit(try await repository.commit(of: revision, git: Git()))
        } catch let error as GatehouseError where error.code == .notFound {
            return .missing(isShallow: repository.isShallow)
        }
    }
}
