import Policy
import Rego
import Synchronization
import Testing

private final class Flag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .relaxed) }
    func set() { value.store(true, ordering: .relaxed) }
}

@Suite struct SwapTests {
    private static func bundle(_ number: Int) -> Bundle {
        let text = "package p\npair := [number, data.p.given]\nnumber := \(number)"
        return .of(text, root: "p", revision: "\(number)", data: ["p": ["given": .init(number)]])
    }

    /// Policy and data of one answer are always of one revision, and no evaluation fails because of a swap.
    @Test func evaluationsNeverMix() async throws {
        let store = try PolicyStore(bundles: ["p": Self.bundle(0)])
        let isDone = Flag()
        let seen = try await withThrowingTaskGroup(of: Set<Int>.self) { group in
            for _ in 0..<4 {
                group.addTask { @concurrent in
                    var seen: Set<Int> = []
                    while !isDone.isSet || seen.isEmpty {
                        let snapshot = store.current
                        let answer = try snapshot.evaluate(path: ["p", "pair"], input: nil)
                        let number = try #require(answer?[0]?.number?.int)
                        #expect(answer == [.init(number), .init(number)])
                        #expect(snapshot.revisions["p"] == "\(number)")
                        seen.insert(number)
                        await Task.yield()
                    }
                    return seen
                }
            }
            for number in 1...60 {
                try store.activate(Self.bundle(number), as: "p")
                try? store.activate(.of("package p\nx := y", root: "p"), as: "p")
                await Task.yield()
            }
            isDone.set()
            var all: Set<Int> = []
            for try await seen in group { all.formUnion(seen) }
            return all
        }
        #expect(seen.isSubset(of: Set(0...60)))
        #expect(try store.value("p", "number") == 60)
    }

    /// Changes made at once are made one after the other, none lost.
    @Test func noChangeIsLost() async throws {
        let store = try PolicyStore()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                group.addTask { @concurrent in
                    if number.isMultiple(of: 2) {
                        try store.put(data: .init(number), at: ["d", "k\(number)"])
                    } else {
                        try store.put(module: Array("package m\nk\(number) := \(number)".utf8), id: "m\(number)")
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try store.value("d")?.object?.count == 20)
        #expect(try store.value("m")?.object?.count == 20)
    }

    @Test func theCacheIsBounded() throws {
        var options = PolicyOptions()
        options.preparedQueries = 8
        let store = try PolicyStore(options: options, bundles: ["p": Self.bundle(1)])
        for round in 0..<3 {
            for number in 0..<20 {
                let query = try store.current.prepare(query: "x := data.p.number + \(number)")
                let answer = try query.evaluate(input: nil, data: store.current.data).value
                #expect(answer == .init(number + 1), "round \(round)")
            }
        }
    }
}
