/// Evaluates a block's body into a node: attributes by name, and blocks of a type as a list of objects.
struct BodyReader {
    private let evaluator: HCLEvaluator
    private let report: (HCLProblem) -> Void

    init(_ evaluator: HCLEvaluator, report: @escaping (HCLProblem) -> Void) {
        self.evaluator = evaluator
        self.report = report
    }

    mutating func node(_ body: HCLBody, at place: HCLPlace) -> HCLNode {
        var members: [HCLNode.Member] = []
        var blocks: [String: Int] = [:]
        for attribute in body.attributes {
            members.append(HCLNode.Member(key: attribute.name, value: node(attribute.value)))
        }
        func add(_ block: HCLNode, _ type: String) {
            if let at = blocks[type], case .list(let elements) = members[at].value.content {
                members[at].value.content = .list(elements + [block])
            } else if !members.contains(where: { $0.key == type }) {
                blocks[type] = members.count
                members.append(HCLNode.Member(key: type, value: HCLNode(.list([block]), at: block.place)))
            }
        }
        for block in body.blocks {
            if block.type == "dynamic", let type = block.labels.first {
                for element in dynamic(block, type) { add(element, type) }
            } else {
                add(node(block.body, at: block.range.start), block.type)
            }
        }
        return HCLNode(.object(members), at: place)
    }

    /// What is written out in parts keeps the places of its parts.
    private func node(_ expression: HCLExpression) -> HCLNode {
        let place = expression.range.start
        do throws(HCLProblem) {
            switch expression.node {
            case .tuple(let elements): return HCLNode(.list(elements.map(node)), at: place)
            case .object(let members):
                var out: [HCLNode.Member] = []
                for member in members {
                    guard let key = try evaluator.key(of: member) else { continue }
                    out.removeAll { $0.key == key }
                    out.append(HCLNode.Member(key: key, value: node(member.value)))
                }
                return HCLNode(.object(out), at: place)
            default: return HCLNode(.value(try evaluator.evaluate(expression)), at: place)
            }
        } catch {
            report(error)
            return HCLNode(.value(.unknown(HCLUnknown())), at: place)
        }
    }

    // MARK: Dynamic blocks

    private func dynamic(_ block: HCLBlock, _ type: String) -> [HCLNode] {
        guard let each = block.body.attribute("for_each"),
            let content = block.body.blocks("content").first(where: { _ in true })
        else {
            report(HCLProblem("a dynamic block needs for_each and content", at: block.range.start))
            return []
        }
        let name = block.body.attribute("iterator")?.value.keyText ?? type
        var entries: [(key: HCLValue, value: HCLValue)]?
        do throws(HCLProblem) {
            entries = try HCLEvaluator.entries(try evaluator.evaluate(each.value), at: each.value.range.start)
        } catch { report(error) }
        let unknown = [
            (
                key: HCLValue.unknown(HCLUnknown(text: "${\(name).key}")),
                value: HCLValue.unknown(HCLUnknown(text: "${\(name).value}"))
            )
        ]
        return (entries ?? unknown).prefix(200).map { entry in
            let iterator = HCLValue.object(HCLObject([("key", entry.key), ("value", entry.value)]))
            var reader = BodyReader(evaluator.binding(name, to: iterator), report: report)
            return reader.node(content.body, at: content.range.start)
        }
    }
}
