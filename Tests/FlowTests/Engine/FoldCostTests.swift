import Core
import JSON
import Testing

@testable import Flow

@Suite("What folding costs")
struct FoldCostTests {
    @Test("Ten thousand elements are gone through without copying all of them for each")
    func manyElements() throws {
        let list = JSON.array(Array(repeating: 1, count: 10_000))
        var trial = Trial(
            try .of(.action("a", "t.a", forEach: .over("${{ inputs.list }}", atOnce: 4))), inputs: ["list": list])
        let begun = ContinuousClock.now
        while trial.state.end == nil {
            let commands = trial.go()
            for case .submit(let attempt) in commands { try trial.answer("a", attempt.ref.index) }
        }
        #expect(trial.state.end?.state == .succeeded)
        #expect(trial.journal.count == 20_003)
        // Copying them all takes minutes.
        #expect(ContinuousClock.now - begun < .seconds(120))
    }
}
