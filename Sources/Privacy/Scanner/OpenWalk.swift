import Core

/// Whether a grammar wanted to read past the end of a text of which more will come.
final class OpenEnd {
    var isTouched = false
    /// Web addresses are allowed whatever they are: nothing waits for their end.
    let ignoresURLs: Bool

    init(ignoresURLs: Bool) { self.ignoresURLs = ignoresURLs }
}

/// Where a walk is: what it needs to go on as if it had walked all along.
struct WalkState {
    var index = 0
    var nameEnd = 0
    var runEnd = 0
    /// Candidates found before it, in the walk that it belongs to.
    var found = 0

    /// The same place after bytes were taken from the front.
    func moved(by count: Int) -> WalkState {
        WalkState(index: max(0, index - count), nameEnd: nameEnd - count, runEnd: runEnd - count)
    }
}

extension TextWalk {
    /// Walks on from a state to the end of what there is.
    ///
    /// What a step finds depends on nothing but the bytes that it reads and the state before it. So a step that did not
    /// want to read on, after others that did not either, has found what it would find in the whole text.
    ///
    /// - Returns: the state before each step, and the first step that wanted to read on.
    mutating func run(from state: WalkState) throws(GatehouseError) -> (states: [WalkState], open: Int?) {
        (nameEnd, runEnd) = (state.nameEnd, state.runEnd)
        var states: [WalkState] = []
        var open: Int?
        plan.classes.withUnsafeBufferPointer { classes in
            var index = state.index
            openEnd?.isTouched = false
            while index < bytes.count, candidates.count <= limit {
                states.append(WalkState(index: index, nameEnd: nameEnd, runEnd: runEnd, found: candidates.count))
                let next = step(at: index, classes)
                if open == nil, openEnd?.isTouched == true { open = index }
                index = next
            }
        }
        if candidates.count > limit { throw PrivacyScanner.tooMany(limit) }
        return (states, open)
    }
}
