import Scan

/// What names stand for in one file: imports, and what was made by a call.
struct CodeNames {
    /// `app` → `flask.Flask`
    private(set) var known: [String: String] = [:]
    private(set) var modules: Set<String> = []

    init(_ statements: [CodeStatement]) { collect(statements, 0) }

    private mutating func collect(_ statements: [CodeStatement], _ depth: Int) {
        guard depth < 100 else { return }
        for statement in statements {
            switch statement {
            case .alias(let name, let full):
                known[name] = Self.module(full)
                modules.insert(Self.module(full))
                if let dot = full.lastIndex(of: ".") { modules.insert(String(full[..<dot])) }
            case .assign(let targets, let value, _): bind(targets, value)
            case .block(let inner), .type(let inner, _): collect(inner, depth + 1)
            case .function(let function): collect(function.body, depth + 1)
            case .expression, .condition, .loop: break
            }
        }
    }

    private static func module(_ name: String) -> String { name.hasPrefix("node:") ? String(name.dropFirst(5)) : name }

    private mutating func bind(_ targets: [CodeExpression], _ value: CodeExpression) {
        guard let first = targets.first else { return }
        // JavaScript: `require('m')` is what an import is elsewhere.
        if let module = required(value) {
            modules.insert(module)
            if case .name(let name, _) = first { known[name] = module }
            if case .list(let items, _) = first {
                for case .name(let name, _) in items.map(\.value) { known[name] = "\(module).\(name)" }
            }
            return
        }
        guard case .name(let name, _) = first, case .call(let callee, _, _) = value, let made = full(callee) else {
            return
        }
        // What is made of itself leads nowhere.
        if made != name { known[name] = made }
    }

    private func required(_ value: CodeExpression) -> String? {
        switch value {
        case .call(.name("require", _), let arguments, _):
            if case .literal(let module, _)? = arguments.first?.value { return Self.module(module) }
            return nil
        case .member(let base, let name, _): return required(base).map { "\($0).\(name)" }
        default: return nil
        }
    }

    /// `flask.Flask` for `Flask` after `from flask import Flask`; nil for what has no name. Calls on the way are passed
    /// over: `express.Router().get` is `express.Router.get`.
    func full(_ expression: CodeExpression, depth: Int = 0) -> String? {
        guard depth < 50 else { return nil }
        switch expression {
        case .name(let name, _): return known[name] ?? name
        case .member(let base, let name, _):
            if let module = required(base) { return "\(module).\(name)" }
            return full(base, depth: depth + 1).map { "\($0).\(name)" }
        case .call(let callee, _, _): return required(expression) ?? full(callee, depth: depth + 1)
        default: return nil
        }
    }

    /// As it is spelled: `web.authenticated`.
    static func spelled(_ expression: CodeExpression) -> String? { spelled(expression, depth: 0) }

    private static func spelled(_ expression: CodeExpression, depth: Int) -> String? {
        guard depth < 50 else { return nil }
        switch expression {
        case .name(let name, _): return name
        case .member(let base, let name, _): return spelled(base, depth: depth + 1).map { "\($0).\(name)" } ?? name
        case .call(let callee, _, _): return spelled(callee, depth: depth + 1)
        default: return nil
        }
    }
}
