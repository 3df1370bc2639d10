public import Core

/// Finds what is private in a text by other means than ours: a program with a model of language, asked over the network.
/// The asking is done where there is IO.
///
/// It fails closed: a text that it could not be asked about was not inspected and must not pass.
public protocol TextClassifier: Sendable {
    /// What its findings name as their detector: `external.presidio`.
    var id: String { get }

    /// - Throws: where there is no answer, or none that can be trusted.
    func findings(in text: [UInt8]) async throws -> [PrivacyFinding]
}

/// Classifiers that are asked together.
public struct Classifiers: Sendable {
    /// Different texts that are asked about for one request or answer, at most.
    public static let mostTexts = 4096
    /// Texts that are asked about at once.
    static let width = 8

    public let all: [any TextClassifier]

    public init(_ all: [any TextClassifier] = []) { self.all = all }

    public var isEmpty: Bool { all.isEmpty }

    /// Asks about each text once, some at a time; blank ones hold nothing and are not asked about.
    ///
    /// - Throws: what the first classifier throws that fails, and `too_large` beyond ``mostTexts``. Nothing may pass then.
    public func ask(about texts: [[UInt8]]) async throws -> ClassifiedTexts {
        guard !isEmpty else { return .none }
        let texts = Array(Set(texts.filter { $0.contains { $0 > 0x20 } }))
        guard texts.count <= Self.mostTexts else {
            throw GatehouseError(
                "privacy", .tooLarge, "there are \(texts.count) texts to classify; at most \(Self.mostTexts) are",
                hint: "send fewer at once")
        }
        return try await withThrowingTaskGroup(of: (Int, [PrivacyFinding]).self) { group in
            var found: [[UInt8]: [PrivacyFinding]] = [:]
            for next in texts.indices {
                if next >= Self.width, let (index, findings) = try await group.next() { found[texts[index]] = findings }
                group.addTask { (next, try await findings(in: texts[next])) }
            }
            for try await (index, findings) in group { found[texts[index]] = findings }
            return ClassifiedTexts(found)
        }
    }

    private func findings(in text: [UInt8]) async throws -> [PrivacyFinding] {
        var findings: [PrivacyFinding] = []
        for classifier in all { findings += try await classifier.findings(in: text) }
        return findings
    }
}

/// What classifiers found, by text.
public struct ClassifiedTexts: Sendable {
    /// Nobody was asked, since there is nobody to ask.
    public static let none = ClassifiedTexts(nil)

    private let findings: [[UInt8]: [PrivacyFinding]]?

    init(_ findings: [[UInt8]: [PrivacyFinding]]?) { self.findings = findings }

    /// Whether nobody was asked.
    public var isNone: Bool { findings == nil }

    /// - Throws: `internal` for a text that should have been asked about and was not.
    public func findings(in text: [UInt8]) throws(GatehouseError) -> [PrivacyFinding] {
        guard let findings, text.contains(where: { $0 > 0x20 }) else { return [] }
        guard let found = findings[text] else {
            throw GatehouseError("privacy", .internal, "a text was not shown to the classifiers")
        }
        return found
    }
}
