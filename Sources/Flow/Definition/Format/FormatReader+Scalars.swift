import Config
import Core
import JSON

extension FormatReader {
    mutating func scalar(_ raw: RawNode, _ kind: FormatKind, _ path: String) -> FormatNode.Value? {
        guard case .scalar(let scalar) = raw else { return wrongShape(raw, "a single value", path) }
        switch kind {
        case .text(let most): return text(scalar, most, path)
        case .name(let rule):
            if rule.allows(scalar.text) { return .text(scalar.text) }
            return refuse(scalar, path, "\"\(scalar.text.prefix(64))\" is no name here", hint: rule.hint)
        case .word(let words):
            if words.contains(scalar.text) { return .text(scalar.text) }
            let nearest = Suggestion.nearest(to: scalar.text, among: words)
            return refuse(
                scalar, path, "\"\(scalar.text.prefix(64))\" is none of \(words.joined(separator: ", "))",
                hint: nearest.map { "did you mean \"\($0)\"?" })
        case .flag: return flag(scalar, path)
        case .whole(let range): return whole(scalar, range, path)
        case .number(let range): return number(scalar, range, path)
        case .duration(let range): return duration(scalar, range, path)
        case .expression: return expression(scalar, path)
        case .template, .constant, .list, .map, .object, .shaped: return nil
        }
    }

    private mutating func text(_ scalar: RawNode.Scalar, _ most: Int, _ path: String) -> FormatNode.Value? {
        guard scalar.text.utf8.count <= most else {
            return refuse(scalar, path, "is longer than \(most) bytes")
        }
        return .text(scalar.text)
    }

    private mutating func flag(_ scalar: RawNode.Scalar, _ path: String) -> FormatNode.Value? {
        if scalar.isPlain, scalar.text == "true" || scalar.text == "false" { return .flag(scalar.text == "true") }
        return refuse(
            scalar, path, "true or false is expected here",
            hint: "only these two, without quotes: not yes, no, on or off")
    }

    private mutating func whole(
        _ scalar: RawNode.Scalar, _ range: ClosedRange<Int>, _ path: String
    ) -> FormatNode.Value? {
        guard scalar.isPlain, let number = Int(scalar.text) else {
            return refuse(
                scalar, path, "a whole number is expected here", hint: "write it in decimal and without quotes")
        }
        guard range.contains(number) else {
            return refuse(scalar, path, "the number lies outside \(range.lowerBound) to \(range.upperBound)")
        }
        return .whole(number)
    }

    private mutating func number(
        _ scalar: RawNode.Scalar, _ range: ClosedRange<Double>, _ path: String
    ) -> FormatNode.Value? {
        guard scalar.isPlain, let number = JSONNumber(spelling: scalar.text)?.double else {
            return refuse(scalar, path, "a number is expected here", hint: "write for example 2 or 0.5, without quotes")
        }
        guard range.contains(number) else {
            return refuse(
                scalar, path, "the number lies outside \(plain(range.lowerBound)) to \(plain(range.upperBound))")
        }
        return .number(number)
    }

    private func plain(_ number: Double) -> String { JSON(number)?.text() ?? "\(number)" }

    private mutating func duration(
        _ scalar: RawNode.Scalar, _ range: ClosedRange<Duration>, _ path: String
    ) -> FormatNode.Value? {
        guard let duration = Units.duration(scalar.text) else {
            return refuse(
                scalar, path, "\"\(scalar.text.prefix(64))\" is not a duration",
                hint: "write for example 30s, 5m, 2h or 90_days")
        }
        guard range.contains(duration) else {
            return refuse(
                scalar, path,
                "the duration lies outside \(range.lowerBound.inWords) to \(range.upperBound.inWords)")
        }
        return .duration(duration)
    }

    /// With or without `${{` and `}}` around it.
    private mutating func expression(_ scalar: RawNode.Scalar, _ path: String) -> FormatNode.Value? {
        guard scalar.text.contains("${{") else {
            do throws(ExpressionProblem) {
                return .expression(try Expression(parsing: scalar.text, at: lines.start(of: scalar)))
            } catch {
                report(
                    TemplateProblem(problem: error, expression: scalar.text, offset: max(0, error.column - 1)),
                    scalar, path)
                return nil
            }
        }
        switch templateNode(scalar, path) {
        case .expression(let expression): return .expression(expression)
        case nil: return nil
        default:
            return refuse(
                scalar, path, "one expression and nothing else is expected here",
                hint: "put all of it between one pair of braces, or leave the braces out")
        }
    }

    // MARK: Templates

    mutating func template(_ raw: RawNode, _ shape: FormatKind.TemplateShape, _ path: String) -> FormatNode.Value? {
        guard let node = node(raw, path) else { return nil }
        switch (shape, node) {
        case (_, .expression), (.any, _), (.object, .object), (.list, .list), (.text, .text),
            (.text, .constant(.string)), (.text, .constant(.number)), (.text, .constant(.bool)):
            return .template(Template(raw.json, node))
        case (.text, _): return wrongShape(raw, "a text", path)
        case (.list, _): return wrongShape(raw, "a list, or an expression that yields one,", path)
        case (.object, _): return wrongShape(raw, "a mapping, or an expression that yields one,", path)
        }
    }

    private mutating func node(_ raw: RawNode, _ path: String) -> TemplateNode? {
        switch raw {
        case .scalar(let scalar):
            if case .string = scalar.json { return templateNode(scalar, path) }
            return .constant(scalar.json)
        case .list(let elements, _):
            let nodes = elements.enumerated().map { node($1, "\(path)[\($0)]") }
            return nodes.contains { $0 == nil } ? nil : .list(nodes.compactMap { $0 })
        case .map(let members, _):
            let nodes = members.map { ($0.key, node($0.value, path.appendingKey($0.key))) }
            return nodes.contains { $0.1 == nil }
                ? nil : .object(nodes.compactMap { key, node in node.map { (key, $0) } })
        }
    }

    private mutating func templateNode(_ scalar: RawNode.Scalar, _ path: String) -> TemplateNode? {
        let start = scalar.text.contains("${{") ? lines.start(of: scalar) : nil
        do throws(TemplateProblem) {
            return try TemplateText.read(scalar.text) { offset in
                start.map { Place(line: $0.line, column: $0.column + offset) }
            }
        } catch {
            report(error, scalar, path)
            return nil
        }
    }

    /// At its own column where that is known, else at the scalar's with the column within the expression.
    private mutating func report(_ error: TemplateProblem, _ scalar: RawNode.Scalar, _ path: String) {
        let problem = error.problem
        if var start = lines.start(of: scalar) {
            start.column += error.offset
            let place = ConfigPlace(file: scalar.place.file, line: start.line, column: start.column)
            return problems.error(place, path, problem.message, hint: problem.hint)
        }
        let within = problem.column > 0 ? " (column \(problem.column) of the expression)" : ""
        problems.error(scalar.place, path, problem.message + within, hint: problem.hint)
    }

    private mutating func refuse(
        _ scalar: RawNode.Scalar, _ path: String, _ message: String, hint: String? = nil
    ) -> FormatNode.Value? {
        problems.error(scalar.place, path, message, hint: hint)
        return nil
    }
}
