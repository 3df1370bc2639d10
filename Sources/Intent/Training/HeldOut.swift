/// How texts are judged by machines that were not trained on them (cross-validation), which is what confidence and
/// threshold are made of.
struct HeldOut {
    struct Row {
        var signs: ScopeSigns
        /// Whether the best intent is the text's own.
        var isRight: Bool
    }

    /// Texts of an intent.
    var inScope: [Row] = []
    /// Texts that belong to none: those of the file and, where it has few, those of intents that were left out.
    var foreign: [ScopeSigns] = []
    /// Scores of texts of an intent, and its number among them, without the class of what is out of scope.
    var scores: [(scores: [Float], own: Int)] = []

    /// Whether texts of intents that were left out are among `foreign`.
    private(set) var hasStandIns = false

    private static let folds = 5
    /// Over the samples that remain, from where the whole machine stands: few, since little has changed.
    private static let passes = 3
    /// So many texts out of scope say enough.
    private static let enoughForeign = 50
    private static let scoresKept = 5000

    private let machine: DualDescent
    private let classCount: Int
    private let outOfScope: Int?

    init(_ machine: DualDescent, classCount: Int, outOfScope: Int?, progress: (Int, Int) -> Void) {
        self.machine = machine
        self.classCount = classCount
        self.outOfScope = outOfScope
        let given = outOfScope.map { own in machine.classes.count { $0 == own } } ?? 0
        let inScopeClasses = classCount - (outOfScope == nil ? 0 : 1)
        let groups = given < Self.enoughForeign && inScopeClasses > 2 ? min(Self.folds, inScopeClasses) : 0
        hasStandIns = groups > 0
        let total = Self.folds + groups
        for fold in 0..<Self.folds {
            judge(samples: fold)
            progress(fold + 1, total)
        }
        for group in 0..<groups {
            judge(classes: group, of: groups)
            progress(Self.folds + group + 1, total)
        }
    }

    /// A part of each class's texts.
    private mutating func judge(samples fold: Int) {
        var seen = [Int](repeating: 0, count: classCount)
        var (held, rest): ([Int], [Int]) = ([], [])
        for (sample, own) in machine.classes.enumerated() {
            // Classes begin at different folds, so that those with few texts are spread over all.
            if (seen[own] + own) % Self.folds == fold { held.append(sample) } else { rest.append(sample) }
            seen[own] += 1
        }
        let trained = trained(without: held, on: rest)
        for sample in held { keep(sample, trained.scores(of: sample).scalars(classCount)) }
    }

    /// All texts of some classes: nobody who was trained knows anything like them.
    private mutating func judge(classes group: Int, of groups: Int) {
        var (held, rest): ([Int], [Int]) = ([], [])
        for (sample, own) in machine.classes.enumerated() {
            if own != outOfScope, own % groups == group { held.append(sample) } else { rest.append(sample) }
        }
        let trained = trained(without: held, on: rest)
        for sample in held {
            var scores = trained.scores(of: sample).scalars(classCount)
            for own in scores.indices where own != outOfScope && own % groups == group {
                scores[own] = -.greatestFiniteMagnitude
            }
            foreign.append(signs(sample, scores))
        }
    }

    private func trained(without held: [Int], on rest: [Int]) -> DualDescent {
        var machine = machine
        machine.remove(held)
        for _ in 0..<Self.passes { machine.pass(over: rest) }
        return machine
    }

    private mutating func keep(_ sample: Int, _ all: [Float]) {
        let own = machine.classes[sample]
        let signs = signs(sample, all)
        guard own != outOfScope else { return foreign.append(signs) }
        let best = all.indices.filter { $0 != outOfScope }.max { all[$0] < all[$1] }
        inScope.append(Row(signs: signs, isRight: best == own))
        guard scores.count < Self.scoresKept else { return }
        let inside = all.indices.filter { $0 != outOfScope }
        scores.append((inside.map { all[$0] }, inside.firstIndex(of: own) ?? 0))
    }

    private func signs(_ sample: Int, _ scores: [Float]) -> ScopeSigns {
        let best = scores.indices.lazy.filter { $0 != outOfScope }.map { scores[$0] }.max() ?? -1
        return ScopeSigns(
            best: best, outOfScope: outOfScope.map { scores[$0] } ?? -1, known: machine.vectors.known[sample])
    }
}
