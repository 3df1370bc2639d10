import Scan

/// Goes through the code of one file for routes, calls, stores and models.
struct CodeReader {
    let code: ReadCode
    let names: CodeNames
    /// Of the file, made printable.
    let path: String
    var facts = CodeFacts()

    /// Statements and expressions within each other.
    private static let mostDepth = 200
    var depth = 0
    /// Types that it is within: what guards a method guards its type, and nothing else of the method's name.
    private var types = 0

    /// Words without which a file says nothing of these; most files are passed over by them.
    static func mayMatter(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { buffer in marks.contains { CodeMarks.contains(buffer, $0) } }
    }

    private static let marks: [StaticString] = [
        "http", "route", "Route", "urlpatterns", "router", "connect", "boto3", "Client", "sql", "redis", "mongo",
        "Model", "Base", "email", "argparse", "click", "typer", "flag", "cobra", "ArgumentParser", "task", "consume",
        "login", "auth", "permission", "scope", "handlers", "aws-sdk", "kafka", "csrf", "stripe", "openai", "commander",
        "yargs",
        "Schema", "express", "fastify", "flask", "fastapi", "django", "tornado", "gin-gonic", "go-chi", "labstack/echo",
        "gofiber", "Vapor", "Hummingbird",
    ]

    static func facts(_ bytes: [UInt8], path: String) -> CodeFacts {
        guard mayMatter(bytes), let code = ReadCode(bytes, path: path) else { return CodeFacts() }
        var reader = CodeReader(code: code, names: CodeNames(code.statements), path: path)
        reader.facts.isCutShort = code.isCutShort
        reader.walk(code.statements)
        return reader.facts
    }

    func line(_ range: Range<Int>) -> Int { code.lines.place(of: min(range.lowerBound, code.bytes.count)).line }

    func imports(_ modules: String...) -> Bool {
        modules.contains { module in
            names.modules.contains { $0 == module || $0.hasPrefix(module + ".") || $0.hasPrefix(module + "/") }
        }
    }

    // MARK: - Walking

    mutating func walk(_ statements: [CodeStatement]) {
        guard depth < Self.mostDepth else { return }
        depth += 1
        defer { depth -= 1 }
        for statement in statements { walk(statement) }
    }

    private mutating func walk(_ statement: CodeStatement) {
        switch statement {
        case .alias: break
        case .expression(let expression): walk(expression)
        case .condition(let test):
            readMain(test)
            walk(test)
        case .assign(let targets, let value, _):
            readSetting(targets, value)
            walk(value)
        case .loop(_, let source): walk(source)
        case .function(let function):
            read(function)
            walk(function.body)
        case .type(let members, let head):
            readType(head, members)
            types += 1
            walk(members)
            types -= 1
        case .block(let inner): walk(inner)
        }
    }

    mutating func walk(_ expression: CodeExpression) {
        guard depth < Self.mostDepth else { return }
        depth += 1
        defer { depth -= 1 }
        switch expression {
        case .call(let callee, let arguments, let range):
            read(call: callee, arguments, range)
            walk(callee)
            for argument in arguments { walk(argument.value) }
        case .member(let base, _, _): walk(base)
        case .index(let base, let key, _):
            walk(base)
            walk(key)
        case .text(let parts, _), .tagged(_, let parts, _), .join(let parts, _, _), .truth(let parts, _):
            for part in parts { walk(part) }
        case .either(let test, let choices): for part in [test] + choices { walk(part) }
        case .list(let items, _):
            readPairs(items)
            for item in items {
                readEngine(item)
                walk(item.value)
            }
        case .each(let element, _, let source):
            walk(element)
            walk(source)
        case .function(let function):
            read(function)
            walk(function.body)
        case .literal(let text, let range):
            if text == "django.middleware.csrf.CsrfViewMiddleware" {
                mark(.checksCSRF, "forms are checked by CsrfViewMiddleware", range)
            }
        case .name, .constant, .other: break
        }
    }

    // MARK: - Calls

    private mutating func read(call callee: CodeExpression, _ arguments: [CodeArgument], _ range: Range<Int>) {
        readRoute(callee, arguments, range)
        guard let full = names.full(callee) else { return }
        readStore(full, arguments, range)
        readRequest(full, arguments, range)
        if let name = full.split(separator: ".").last, name == "run",
            let debug = arguments.first(where: { $0.label == "debug" }), isTrue(debug.value), imports("flask", "bottle")
        {
            mark(.debugging, "run with debug=True", range)
        }
        if CodeTables.limiters.contains(full) { mark(.rateLimited, "a limit on requests: \(full)", range) }
        if CodeTables.formChecks.contains(full) { mark(.checksCSRF, "forms are checked: \(full)", range) }
        if full.hasSuffix(".basic_consume") || full == "kafka.KafkaConsumer" || full == "confluent_kafka.Consumer" {
            consumer(full, range)
        }
        if ["argparse.ArgumentParser", "flag.Parse", "fire.Fire", "optparse.OptionParser"].contains(full) {
            command(range)
        }
    }

    func isTrue(_ value: CodeExpression) -> Bool {
        guard case .constant(let range) = value, range.upperBound <= code.bytes.count else { return false }
        return ["True", "true"].contains(String(decoding: code.bytes[range], as: UTF8.self))
    }

    mutating func mark(_ trait: Trait, _ reason: String, _ range: Range<Int>) {
        guard facts.marks.count < CodeFacts.most else { return }
        facts.marks.append(CodeFacts.Mark(trait: trait, reason: reason, line: line(range)))
    }

    private mutating func consumer(_ name: String, _ range: Range<Int>) {
        guard facts.consumers.count < CodeFacts.most else { return }
        facts.consumers.append(CodeFacts.Named(name: name, line: line(range)))
    }

    mutating func command(_ range: Range<Int>) {
        guard facts.commands.isEmpty else { return }
        facts.commands.append(CodeFacts.Named(name: PathParts.split(path).name, line: line(range)))
    }

    // MARK: - Declarations

    private mutating func read(_ function: CodeFunction) {
        for decorator in function.decorators { read(decorator: decorator, of: function) }
        if code.language == .go, function.name == "main", imports("flag", "github.com/spf13/cobra") {
            command(function.range)
        }
    }

    private mutating func read(decorator: CodeExpression, of function: CodeFunction) {
        guard let full = names.full(decorator), let spelled = CodeNames.spelled(decorator) else { return }
        let last = full.split(separator: ".").last.map(String.init) ?? full
        if let name = function.name, types == 0, Words.isGuard(spelled) { facts.guarded[name] = spelled }
        if last == "csrf_exempt" || spelled.hasSuffix("csrf.exempt") {
            mark(.exemptFromCSRF, "\(function.name ?? "a view") is exempt from the check of forms", decorator.range)
        }
        if full == "celery.shared_task" || last == "task" && imports("celery") {
            consumer("task \(function.name ?? "?")", decorator.range)
        }
        if ["click.command", "click.group"].contains(full) || last == "command" && imports("typer", "click") {
            command(decorator.range)
        }
        if case .call(let callee, let arguments, let range) = decorator {
            readDecorated(callee, arguments, range, function)
            for argument in arguments { walk(argument.value) }
        }
    }

    /// Python: `if __name__ == "__main__"` where arguments are read.
    private mutating func readMain(_ test: CodeExpression) {
        guard case .truth(let parts, _) = test, case .name("__name__", let range)? = parts.first,
            imports("argparse", "click", "typer", "fire", "optparse")
        else { return }
        command(range)
    }

    private mutating func readSetting(_ targets: [CodeExpression], _ value: CodeExpression) {
        guard code.language == .python, case .name("DEBUG", let range)? = targets.first, isTrue(value),
            PathParts.split(path).name.contains("settings")
        else { return }
        mark(.debugging, "DEBUG is True", range)
    }

    // MARK: - Types

    private static let modelBases: Set<String> = [
        "Model", "Base", "SQLModel", "Document", "DeclarativeBase", "AbstractUser", "AbstractBaseUser",
        "BaseModelMixin",
    ]

    private mutating func readType(_ head: CodeTypeHead, _ members: [CodeStatement]) {
        guard let name = head.name else { return }
        let bases = head.bases.compactMap(CodeNames.spelled)
        let tails = Set(bases.compactMap { $0.split(separator: ".").last.map(String.init) })
        if let guarding = bases.first(where: Words.isGuardingBase) { facts.guarded[name] = guarding }
        for case .function(let method) in members {
            if let guarding = method.decorators.lazy.compactMap(CodeNames.spelled).first(where: Words.isGuard) {
                facts.guarded[name] = guarding
            }
        }
        guard !tails.isDisjoint(with: Self.modelBases) else { return }
        var fields = members.compactMap(Self.field)
        if tails.contains("AbstractUser") { fields += ["email", "password"] }
        add(model: name, fields, head.range)
    }

    mutating func add(model name: String, _ fields: [String], _ range: Range<Int>) {
        let personal = fields.filter(Words.isPersonal)
        let holdsCredentials = fields.contains(where: Words.isCredential)
        guard !personal.isEmpty || holdsCredentials, facts.models.count < CodeFacts.most else { return }
        facts.models.append(
            CodeFacts.DataModel(
                name: name, fields: Array(Set(personal)).sorted(), holdsCredentials: holdsCredentials, line: line(range)
            ))
    }

    private static func field(_ member: CodeStatement) -> String? {
        switch member {
        case .assign(let targets, _, _):
            if case .name(let name, _)? = targets.first { return name }
            return nil
        case .expression(.name(let name, _)): return name
        default: return nil
        }
    }
}
