import JSON

/// Changes instructions of a Dockerfile in its text.
struct DockerfileEditor {
    private let file: DockerfileText
    private let index: Int
    private var text: SourceText { file.text }
    private var instruction: DockerfileText.Instruction { file.instructions[index] }
    private var value: String { DockerfileText.trimmed(text.text(instruction.value)) }

    /// - Parameter line: of the instruction at fault, or of the `FROM` that begins the stage at fault.
    init(_ text: SourceText, line: Int) throws(NoFix) {
        file = DockerfileText(text)
        guard let index = file.index(onLine: line) else { throw NoFix("there is no instruction on line \(line)") }
        self.index = index
    }

    func edits(_ recipe: Recipe) throws(NoFix) -> [TextEdit] {
        if let keyword = recipe.text("keyword") { return [TextEdit(instruction.keyword, keyword)] }
        if let line = recipe.text("insert") { return [try insert(line)] }
        if let value = recipe.text("value") { return [try replaceValue(value)] }
        if let end = recipe.text("append") { return [try append(end)] }
        if recipe.json["delete"]?.bool == true { return [try delete()] }
        if let edit = recipe.text("edit") { return [try rewrite(edit)] }
        if !recipe.texts("commands").isEmpty { return try commands(recipe) }
        throw NoFix("the check says nothing for Dockerfiles")
    }

    private func requireOneLine() throws(NoFix) {
        guard instruction.lines.count == 1 else { throw NoFix("the instruction takes several lines") }
    }

    private func replaceValue(_ value: String) throws(NoFix) -> TextEdit {
        guard instruction.name != "FROM" else { throw NoFix("the stage says nothing to replace") }
        try requireOneLine()
        return TextEdit(instruction.value, " \(value)")
    }

    /// A line of its own before what the stage starts, else at the stage's end.
    private func insert(_ line: String) throws(NoFix) -> TextEdit {
        guard instruction.name == "FROM" else { throw NoFix("the instruction is there and says something else") }
        let stage = file.stage(from: index)
        let entry = stage.first { ["CMD", "ENTRYPOINT"].contains(file.instructions[$0].name) }
        if let entry {
            var first = file.instructions[entry].lines.lowerBound
            while first > 1, text.text(ofLine: first - 1).hasPrefix("#") { first -= 1 }
            return .insert(line + text.newline, at: text.line(first).lowerBound)
        }
        let last = file.instructions[stage.upperBound - 1].lines.upperBound
        let end = text.next(after: last)
        if end == text.bytes.count, !text.endsInNewline { return .insert(text.newline + line, at: end) }
        return .insert(line + text.newline, at: end)
    }

    private func append(_ end: String) throws(NoFix) -> TextEdit {
        guard !instruction.hasHeredoc, !value.hasPrefix("[") else {
            throw NoFix("the command is not one line of shell")
        }
        var at = instruction.value.upperBound
        while at > instruction.value.lowerBound, text.bytes[at - 1] <= 0x20 { at -= 1 }
        guard !text.text(ofLine: text.lineNumber(of: at - 1)).drop(while: { $0 == " " }).hasPrefix("#") else {
            throw NoFix("the instruction ends in a remark")
        }
        return .insert(end, at: at)
    }

    private func delete() throws(NoFix) -> TextEdit {
        let words = value.split(whereSeparator: \.isWhitespace)
        if instruction.name == "EXPOSE", words.count > 1 {
            let kept = words.filter { !["22", "22/tcp"].contains($0) }
            try requireOneLine()
            return TextEdit(instruction.value, " \(kept.joined(separator: " "))")
        }
        return TextEdit(
            text.line(instruction.lines.lowerBound).lowerBound..<text.next(after: instruction.lines.upperBound), [])
    }

    // MARK: Commands

    private func commands(_ recipe: Recipe) throws(NoFix) -> [TextEdit] {
        let parsed = ShellCommands(text, in: instruction.value, escape: file.escape)
        var edits: [TextEdit] = []
        for words in parsed.commands {
            guard let name = ShellCommands.name(in: words, of: recipe.texts("commands")) else { continue }
            edits += try self.edits(words, name, recipe)
        }
        guard !edits.isEmpty else { throw NoFix("the command is not written as one that can be changed") }
        return edits
    }

    private func edits(_ words: [ShellCommands.Word], _ name: Int, _ recipe: Recipe) throws(NoFix) -> [TextEdit] {
        let renamed = recipe.text("rename").map { [TextEdit(words[name].range, $0)] } ?? []
        let drop = recipe.texts("drop")
        if !drop.isEmpty {
            if drop.contains(words[name].text), words.dropFirst(name + 1).first?.text.hasPrefix("-") ?? true {
                throw NoFix("\(words[name].text) has options of its own")
            }
            return words.indices.filter { $0 >= name && drop.contains(words[$0].text) }.map { remove(words, $0) }
        }
        guard let after = recipe.text("after"), let give = recipe.text("give"),
            !words.contains(where: { $0.text == give }),
            let place = words[name...].first(where: { $0.text == after })
        else { return renamed }
        let isModule = words[name].text.hasPrefix("python")
        if isModule, words.dropFirst(name + 1).prefix(2).map(\.text) != ["-m", "pip"] { return [] }
        return renamed + [.insert(" \(give)", at: place.range.upperBound)]
    }

    /// A word with the space on one side of it.
    private func remove(_ words: [ShellCommands.Word], _ index: Int) -> TextEdit {
        var end = words[index].range.upperBound
        while end < text.bytes.count, text.bytes[end] == 0x20 { end += 1 }
        return TextEdit(words[index].range.lowerBound..<end, [])
    }

    // MARK: Rewriting

    private func rewrite(_ edit: String) throws(NoFix) -> TextEdit {
        try requireOneLine()
        switch edit {
        case "label":
            let name = value.filter { $0 != "\"" && $0 != "\\" }
            return TextEdit(
                instruction.keyword.lowerBound..<instruction.value.upperBound,
                "LABEL org.opencontainers.image.authors=\"\(name)\"")
        case "exec-form":
            let isPlain = value.utf8.allSatisfy { byte in
                byte == 0x20 || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                    || (0x61...0x7A).contains(byte) || "_-./:=,@+%".utf8.contains(byte)
            }
            let words = value.split(separator: " ").map(String.init)
            guard isPlain, let first = words.first, !first.contains("="),
                !["exec", "cd", "source", "."].contains(first)
            else { throw NoFix("the command needs a shell") }
            return TextEdit(instruction.value, " [\(words.map { "\"\($0)\"" }.joined(separator: ", "))]")
        case "absolute-folder": return try absoluteFolder()
        default: throw NoFix("\(edit) is not known")
        }
    }

    /// What an earlier `WORKDIR` of the stage makes of this one.
    private func absoluteFolder() throws(NoFix) -> TextEdit {
        let before = file.instructions[..<index]
        let stage = before[(before.lastIndex { $0.name == "FROM" } ?? before.startIndex)...]
        guard let last = stage.last(where: { $0.name == "WORKDIR" }) else {
            throw NoFix("the folder that it begins at is decided by the base image")
        }
        let folder = DockerfileText.trimmed(text.text(last.value))
        guard folder.hasPrefix("/"), !(folder + value).contains(where: { "\"'$".contains($0) }), value.first != "."
        else {
            throw NoFix("the folder that it begins at is not written out")
        }
        return TextEdit(instruction.value, " \(folder)\(folder.hasSuffix("/") ? "" : "/")\(value)")
    }
}
