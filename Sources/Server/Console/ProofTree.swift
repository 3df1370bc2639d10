import Core
import Ledger

/// The audit path of an entry, step by step from its leaf up to the root (RFC 9162, section 2.1.3.2).
struct ProofTree {
    struct Step {
        let sibling: MerkleHash
        let siblingIsLeft: Bool
        /// What the two give together.
        let parent: MerkleHash
        /// How many levels of the whole tree the step climbs.
        let level: Int
    }

    let leaf: MerkleHash
    let steps: [Step]

    init(_ proof: Ledger.InclusionProof) {
        leaf = proof.leafHash
        var place = proof.index
        var last = proof.size > 0 ? proof.size - 1 : 0
        var node = proof.leafHash
        var level = 0
        var steps: [Step] = []
        for sibling in proof.path {
            let isLeft = !place.isMultiple(of: 2) || place == last
            if isLeft {
                node = MerkleTree.nodeHash(sibling, node)
                while place.isMultiple(of: 2), place != 0 {
                    place >>= 1
                    last >>= 1
                    level += 1
                }
            } else {
                node = MerkleTree.nodeHash(node, sibling)
            }
            place >>= 1
            last >>= 1
            level += 1
            steps.append(Step(sibling: sibling, siblingIsLeft: isLeft, parent: node, level: level))
        }
        self.steps = steps
    }

    // MARK: - Picture

    private static let width = 660
    private static let rise = 64
    private static let box = (width: 148, height: 28)

    /// The way up as a picture: our own nodes marked, each sibling on its side. Attributes only, no styles: the page's
    /// policy allows none.
    func svg(root: MerkleHash) -> String {
        let height = (steps.count + 1) * Self.rise
        var lines = ""
        var boxes = ""
        var x = Self.width / 2
        var y = height - Self.rise / 2
        boxes += Self.box(
            x, y, leaf, steps.isEmpty ? "root" : "own", caption: steps.isEmpty ? "leaf = root" : "this entry")
        for (number, step) in steps.enumerated() {
            let isLast = number == steps.count - 1
            let siblingX = step.siblingIsLeft ? x - 180 : x + 180
            let parentY = y - Self.rise
            let parentX = isLast ? Self.width / 2 : Self.clamped(step.siblingIsLeft ? x - 90 : x + 90)
            lines += Self.line(x, y, parentX, parentY, "way") + Self.line(siblingX, y, parentX, parentY, "")
            boxes += Self.box(siblingX, y, step.sibling, "", caption: nil)
            boxes += Self.box(parentX, parentY, step.parent, isLast ? "root" : "own", caption: isLast ? "root" : nil)
            (x, y) = (parentX, parentY)
        }
        let label = "From this entry up to the root in \(steps.count) steps"
        return
            "<svg class=\"tree\" role=\"img\" aria-label=\"\(label)\" viewBox=\"0 0 \(Self.width) \(height)\">\(lines)\(boxes)</svg>"
    }

    /// Room for a sibling on either side.
    private static func clamped(_ x: Int) -> Int { min(max(x, 260), width - 260) }

    private static func line(_ x1: Int, _ y1: Int, _ x2: Int, _ y2: Int, _ kind: String) -> String {
        "<line class=\"\(kind)\" x1=\"\(x1)\" y1=\"\(y1 - box.height / 2)\" x2=\"\(x2)\" y2=\"\(y2 + box.height / 2)\"/>"
    }

    private static func box(_ x: Int, _ y: Int, _ hash: MerkleHash, _ kind: String, caption: String?) -> String {
        let text = Hex.encode(hash.bytes.prefix(6)) + "…"
        var out =
            "<rect class=\"\(kind)\" x=\"\(x - box.width / 2)\" y=\"\(y - box.height / 2)\" width=\"\(box.width)\" "
        out +=
            "height=\"\(box.height)\" rx=\"6\"/><text class=\"\(kind == "root" ? "onroot" : "")\" x=\"\(x)\" y=\"\(y)\">\(text)</text>"
        let captionY = kind == "root" ? y - box.height / 2 - 9 : y + box.height / 2 + 10
        if let caption { out += "<text class=\"side\" x=\"\(x)\" y=\"\(captionY)\">\(caption)</text>" }
        return out
    }
}
