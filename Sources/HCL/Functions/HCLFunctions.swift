/// What expressions may call, by name.
public struct HCLFunctions: Sendable {
    private var byName: [String: HCLFunction] = [:]
    /// Functions that are there, but whose answer depends on the machine, the time or chance.
    private var opaque: Set<String> = []

    public init() {}

    /// Terraform's functions. What is not computed here (hashes, patterns, YAML, time) can be added; see ``adding(_:)``.
    public static let standard: HCLFunctions = {
        var functions = HCLFunctions()
        for table in [
            NumberFunctions.all, TextFunctions.all, FormatFunctions.all, CollectionFunctions.all, SetFunctions.all,
            EncodingFunctions.all, TypeFunctions.all, NetworkFunctions.all,
        ] {
            for function in table { functions.byName[function.name] = function }
        }
        functions.opaque = [
            "abspath", "base64gzip", "base64sha256", "base64sha512", "bcrypt", "filebase64", "filebase64sha256",
            "filebase64sha512", "filemd5", "fileset", "filesha1", "filesha256", "filesha512", "formatdate", "md5",
            "pathexpand", "plantimestamp", "regex", "regexall", "rsadecrypt", "sha1", "sha256", "sha512",
            "templatestring", "textdecodebase64", "textencodebase64", "timeadd", "timecmp", "timestamp", "uuid",
            "uuidv5", "yamldecode", "yamlencode",
        ]
        return functions
    }()

    public func adding(_ functions: [HCLFunction]) -> HCLFunctions {
        var copy = self
        for function in functions { copy.byName[function.name] = function }
        return copy
    }

    func call(_ name: String, _ arguments: [HCLValue], at place: HCLPlace) throws(HCLProblem) -> HCLValue {
        guard let function = byName[name] else {
            // A provider's function may be anything.
            if opaque.contains(name) || name.hasPrefix("provider::") { return Self.unknown(arguments, "\(name)(…)") }
            throw HCLProblem("there is no function \(name.prefix(80))", at: place)
        }
        guard function.takes(arguments.count) else {
            throw HCLProblem("\(name) does not take \(arguments.count) arguments", at: place)
        }
        if !function.acceptsUnknown, arguments.contains(where: \.isUnknown) { return Self.unknown(arguments) }
        do throws(HCLFunctionProblem) {
            return try function.body(HCLArguments(values: arguments))
        } catch {
            // An element that is not known is no error, wherever it stands.
            if arguments.contains(where: { $0.unknowns != nil }) { return Self.unknown(arguments) }
            throw HCLProblem("\(name): \(error.message)", at: place)
        }
    }

    private static func unknown(_ arguments: [HCLValue], _ text: String = "…") -> HCLValue {
        var sum = HCLUnknown(text: "${\(text)}")
        for argument in arguments { sum.add(argument.unknowns?.references ?? []) }
        return .unknown(sum)
    }
}

/// One function.
public struct HCLFunction: Sendable {
    public typealias Body = @Sendable (HCLArguments) throws(HCLFunctionProblem) -> HCLValue

    let name: String
    let minimum: Int
    /// Nil where any number may follow.
    let maximum: Int?
    /// Whether it makes something of arguments that are not known.
    let acceptsUnknown: Bool
    let body: Body

    public init(_ name: String, _ counts: ClosedRange<Int>, acceptsUnknown: Bool = false, _ body: @escaping Body) {
        self.name = name
        (minimum, maximum) = (counts.lowerBound, counts.upperBound)
        self.acceptsUnknown = acceptsUnknown
        self.body = body
    }

    public init(
        _ name: String, _ counts: PartialRangeFrom<Int>, acceptsUnknown: Bool = false, _ body: @escaping Body
    ) {
        self.name = name
        (minimum, maximum) = (counts.lowerBound, nil)
        self.acceptsUnknown = acceptsUnknown
        self.body = body
    }

    func takes(_ count: Int) -> Bool { count >= minimum && count <= maximum ?? .max }
}

public struct HCLFunctionProblem: Error, Sendable {
    public var message: String

    public init(_ message: String) { self.message = message }
}

/// The arguments of a call, as the types that a function takes.
public struct HCLArguments: Sendable {
    public let values: [HCLValue]

    public var count: Int { values.count }
    public subscript(at: Int) -> HCLValue { values.indices.contains(at) ? values[at] : .null }

    public func text(_ at: Int) throws(HCLFunctionProblem) -> String {
        guard let text = self[at].stringValue else { throw wrong(at, "a string") }
        return text
    }

    public func number(_ at: Int) throws(HCLFunctionProblem) -> Double {
        guard let number = self[at].numberValue else { throw wrong(at, "a number") }
        return number
    }

    public func integer(_ at: Int) throws(HCLFunctionProblem) -> Int {
        guard let number = self[at].integerValue else { throw wrong(at, "a whole number") }
        return number
    }

    public func list(_ at: Int) throws(HCLFunctionProblem) -> [HCLValue] {
        guard let elements = self[at].elements else { throw wrong(at, "a list") }
        return elements
    }

    public func object(_ at: Int) throws(HCLFunctionProblem) -> HCLObject {
        guard let object = self[at].object else { throw wrong(at, "an object") }
        return object
    }

    public func texts(_ at: Int) throws(HCLFunctionProblem) -> [String] {
        var texts: [String] = []
        for element in try list(at) {
            guard let text = element.stringValue else { throw wrong(at, "a list of strings") }
            texts.append(text)
        }
        return texts
    }

    private func wrong(_ at: Int, _ expected: String) -> HCLFunctionProblem {
        HCLFunctionProblem("argument \(at + 1) is \(self[at].kindName), not \(expected)")
    }
}
