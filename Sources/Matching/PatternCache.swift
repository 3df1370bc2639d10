import Core
import Synchronization

/// Compiled patterns, kept for the next who asks for the same: the newest in this process, and large sets in a folder,
/// where one is named. Compiling the sets of a whole house takes more than half a second; reading them back, milliseconds.
///
/// What the folder holds is code to the engine, so it has to be as private as the program itself: files of other
/// owners, and files that others may write, are not read. Whatever is wrong with a file, the set is compiled anew.
public final class PatternCache: Sendable {
    public static let shared = PatternCache()

    /// Sets of fewer patterns compile in less time than a file takes.
    static let leastPatterns = 16
    /// Kept in this process.
    static let newest = 16

    fileprivate struct Key: Hashable {
        var patterns: [Pattern]
        var mode: PatternSet.Mode
    }

    fileprivate struct State {
        /// The last used is the last.
        var sets: [(key: Key, compiled: CompiledPatterns)] = []
        var folder: PatternFolder?
    }

    private let state = Mutex(State())

    init() {}

    /// From now on, large sets are read from this folder, and written to it. It is made where it is missing.
    public func keep(in folder: String) { state.withLock { $0.folder = PatternFolder(folder) } }

    func compiled(_ patterns: [Pattern], mode: PatternSet.Mode) throws(GatehouseError) -> CompiledPatterns {
        let key = Key(patterns: patterns, mode: mode)
        let (known, folder) = state.withLock { ($0.take(key), $0.folder) }
        if let known { return known }
        let compiled =
            try patterns.count < Self.leastPatterns
            ? CompiledPatterns(compiling: patterns, mode: mode) : Self.compiled(key, folder)
        state.withLock { $0.put(key, compiled) }
        return compiled
    }

    private static func compiled(_ key: Key, _ folder: PatternFolder?) throws(GatehouseError) -> CompiledPatterns {
        let file = folder.map { PatternFile($0, key.patterns, mode: key.mode) }
        if let kept = file?.read() { return kept }
        let compiled = try CompiledPatterns(compiling: key.patterns, mode: key.mode)
        file?.write(compiled)
        return compiled
    }
}

extension PatternCache.State {
    mutating func take(_ key: PatternCache.Key) -> CompiledPatterns? {
        guard let index = sets.lastIndex(where: { $0.key == key }) else { return nil }
        let entry = sets.remove(at: index)
        sets.append(entry)
        return entry.compiled
    }

    mutating func put(_ key: PatternCache.Key, _ compiled: CompiledPatterns) {
        if sets.count >= PatternCache.newest { sets.removeFirst() }
        sets.append((key, compiled))
    }
}
