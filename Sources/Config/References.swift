public import Core

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Where `${NAME}` is looked up. Tests give their own.
public typealias Environment = @Sendable (String) -> String?

/// The process's environment.
public let processEnvironment: Environment = { name in getenv(name).map { String(cString: $0) } }

/// Follows references in a scalar: `${NAME}`, `${NAME:-default}`, `$${` for a literal `${`, and `file:PATH` as a whole.
/// Problems name the variable or the file, never what it holds.
struct References {
    struct Answer {
        var text: String
        /// Whether something was looked up, so that the text came from outside the file.
        var isReferenced: Bool
    }

    let environment: Environment
    let limits: ConfigLimits

    /// nil where a reference cannot be followed; the problem is reported.
    func resolve(_ scalar: RawNode.Scalar, _ path: String, readsFiles: Bool, _ problems: inout Problems) -> Answer? {
        if readsFiles, scalar.text.hasPrefix("file:") {
            return file(String(scalar.text.dropFirst(5)), scalar.place, path, &problems)
        }
        guard scalar.text.utf8.contains(UInt8(ascii: "$")) else {
            return Answer(text: scalar.text, isReferenced: false)
        }
        return substitute(scalar, path, &problems)
    }

    private func substitute(_ scalar: RawNode.Scalar, _ path: String, _ problems: inout Problems) -> Answer? {
        let bytes = Array(scalar.text.utf8)
        var out: [UInt8] = []
        var found = false
        var position = 0
        while position < bytes.count {
            let rest = bytes[position...]
            if rest.starts(with: "$${".utf8) {
                out += "${".utf8
                position += 3
            } else if rest.starts(with: "${".utf8) {
                guard let end = rest.firstIndex(of: UInt8(ascii: "}")) else {
                    problems.error(scalar.place, path, "a ${ has no closing }", hint: "write $${ for a literal ${")
                    return nil
                }
                let inside = String(decoding: bytes[(position + 2)..<end], as: UTF8.self)
                guard let value = look(up: inside, scalar.place, path, &problems) else { return nil }
                out += value.utf8
                found = true
                position = end + 1
            } else {
                out.append(bytes[position])
                position += 1
            }
            guard out.count <= limits.scalarBytes else {
                problems.error(
                    scalar.place, path, "is longer than \(limits.scalarBytes) bytes once its references are followed")
                return nil
            }
        }
        return Answer(text: String(decoding: out, as: UTF8.self), isReferenced: found)
    }

    private func look(up reference: String, _ place: ConfigPlace, _ path: String, _ problems: inout Problems) -> String?
    {
        var name = Substring(reference)
        var fallback: Substring?
        if let colon = reference.firstIndex(of: ":") {
            name = reference[..<colon]
            let rest = reference[reference.index(after: colon)...]
            guard rest.first == "-" else {
                problems.error(
                    place, path, "the reference to \(name.prefix(64)) is not understood",
                    hint: "write ${NAME} or ${NAME:-default}")
                return nil
            }
            fallback = rest.dropFirst()
        }
        let first = name.utf8.first.map { !(0x30...0x39).contains($0) } ?? false
        guard first, name.utf8.allSatisfy({ isNameByte($0) }) else {
            problems.error(
                place, path, "\"\(name.prefix(64))\" cannot name an environment variable",
                hint: "use letters, digits and _")
            return nil
        }
        if let value = environment(String(name)), !(value.isEmpty && fallback != nil) { return value }
        if let fallback { return String(fallback) }
        problems.error(
            place, path, "the environment variable \(name) is not set",
            hint: "set it, or give a default: ${\(name):-…}"
        )
        return nil
    }

    private func isNameByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) || byte == 0x5f
    }

    private func file(_ name: String, _ place: ConfigPlace, _ path: String, _ problems: inout Problems) -> Answer? {
        let target = InputFile.resolve(name, besides: place.file)
        do {
            let input = try InputFile.contents(of: target, limit: limits.secretFileBytes)
            if input.isWorldReadable {
                problems.warn(place, path, "every user can read \(target)", hint: "run: chmod go-rwx '\(target)'")
            }
            var bytes = input.bytes[...]
            if bytes.last == 0x0a { bytes.removeLast() }
            if bytes.last == 0x0d { bytes.removeLast() }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                problems.error(place, path, "\(target) is not valid UTF-8")
                return nil
            }
            return Answer(text: text, isReferenced: true)
        } catch {
            problems.error(place, path, error.message, hint: error.hint)
            return nil
        }
    }
}

/// Files that a configuration is read from: regular, bounded, never waited for.
public struct InputFile: Sendable {
    public let bytes: [UInt8]
    let isWorldReadable: Bool

    /// A relative path is taken from the folder of the file that names it.
    public static func resolve(_ name: String, besides file: String) -> String {
        if name.hasPrefix("/") { return name }
        let relative = name.hasPrefix("./") ? String(name.dropFirst(2)) : name
        guard let slash = file.lastIndex(of: "/") else { return relative }
        return "\(file[...slash])\(relative)"
    }

    /// - Throws: `not_found`, `unavailable`, `invalid` for what is no regular file, `too_large`.
    public static func contents(of path: String, limit: Int) throws(GatehouseError) -> InputFile {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else {
            let missing = errno == ENOENT
            throw GatehouseError(
                "config", missing ? .notFound : .unavailable,
                "cannot read \(path): \(String(cString: strerror(errno)))",
                hint: missing ? "check the path" : "check its permissions")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw GatehouseError("config", .invalid, "\(path) is not a regular file")
        }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count >= 0 else {
                throw GatehouseError("config", .unavailable, "cannot read \(path): \(String(cString: strerror(errno)))")
            }
            guard count > 0 else { break }
            bytes += buffer[..<count]
            guard bytes.count <= limit else {
                throw GatehouseError("config", .tooLarge, "\(path) is larger than \(limit) bytes")
            }
        }
        return InputFile(bytes: bytes, isWorldReadable: status.st_mode & 0o004 != 0)
    }
}
