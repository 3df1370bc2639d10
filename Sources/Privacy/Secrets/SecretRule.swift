public import Core

/// How one kind of credential is found and told from what merely looks like it.
///
/// A rule works in two steps: its *anchors*, fixed-width expressions, are looked for in one pass for all rules
/// together; where one is found, the *pattern* must match there. Entropy, placeholder list and check then weigh the match.
public struct SecretRule: Sendable, Hashable {
    /// A fixed-width expression in Vectorscan syntax that every match of the pattern holds.
    public struct Anchor: Sendable, Hashable {
        public var expression: String
        public var isCaseless: Bool

        public init(_ expression: String, caseless: Bool = false) {
            self.expression = expression
            isCaseless = caseless
        }
    }

    /// How much a match of the pattern says by itself. Where matches overlap, the greater wins.
    public enum Specificity: Int, Sendable, Hashable, Comparable {
        /// Anything that is assigned to a name such as `password`.
        case generic
        /// A value of the right shape, near the name of the service.
        case assignment
        /// A format that nothing else has.
        case format

        public static func < (a: Specificity, b: Specificity) -> Bool { a.rawValue < b.rawValue }
    }

    /// Stable, in kebab case: `aws-access-key-id`. Findings and baselines refer to it.
    public var id: String
    /// What it is, for people: `AWS access key ID`.
    public var title: String
    public var severity: Severity
    public var specificity: Specificity
    /// Without any, the rule is about files as such: it matches by its path suffixes alone, with empty ranges.
    public var anchors: [Anchor]
    /// How many bytes before an anchor a match may begin; 0 where it begins with the anchor.
    public var lookBehind = 0
    /// How many bytes from the anchor on a match may take.
    public var reach = 8192
    /// Steps of the matcher at one anchor; what takes more could not be checked.
    public var steps = 200_000
    /// Whether much may stand between the anchor and the secret, which then need not be held back together.
    var isFarFromAnchor = false
    /// In PCRE2 syntax, matched byte by byte.
    public var pattern: String
    /// Matched where a match ended, again and again, for the secrets that follow in the same list.
    var nextPattern: String?
    /// For texts of which more will come, where it says that a secret may turn out to be one.
    var isForOpenText = false
    /// The capture group that holds the secret itself.
    public var group = 1
    /// What it matches is made to be seen: it is not reported, nor is what weaker rules make of the same place.
    public var isHarmless = false
    /// In bits a byte; a secret with less is dropped.
    public var minimumEntropy: Double
    public var check: SecretCheck?
    /// False for the few formats in which long repeats are legitimate.
    public var refusesRepeats = true
    /// Where set, the path must end with one of these, in any case.
    public var pathSuffixes: [String] = []
    /// What to do when it leaked.
    public var remedy: String

    public init(
        id: String, title: String, severity: Severity, specificity: Specificity, anchors: [Anchor], pattern: String,
        minimumEntropy: Double, check: SecretCheck? = nil, remedy: String
    ) {
        self.id = id
        self.title = title
        self.severity = severity
        self.specificity = specificity
        self.anchors = anchors
        self.pattern = pattern
        self.minimumEntropy = minimumEntropy
        self.check = check
        self.remedy = remedy
    }
}

// MARK: - Shapes of rules

extension SecretRule {
    /// Not inside a longer word; an escaped line end (`\n`) or an encoded character (`%3D`) may come before.
    static let leftEdge = #"(?:(?<![A-Za-z0-9_\-])|(?<=\\[nrt])|(?<=%[0-9A-F]{2}))"#
    static let rightEdge = #"(?![A-Za-z0-9_\-])"#

    /// A token whose format begins with something of its own.
    ///
    /// - Parameters:
    ///   - anchors: the beginnings, fixed in width; case matters.
    ///   - pattern: the whole token.
    ///   - place: where it is revoked, for the remedy.
    static func token(
        _ id: String, _ title: String, _ anchors: [String], _ pattern: String, severity: Severity = .high,
        entropy: Double = 3, check: SecretCheck? = nil, at place: String
    ) -> SecretRule {
        SecretRule(
            id: id, title: title, severity: severity, specificity: .format, anchors: anchors.map { Anchor($0) },
            pattern: "\(leftEdge)(\(pattern))\(rightEdge)", minimumEntropy: entropy, check: check, remedy: remedy(place)
        )
    }

    /// A format whose recognisable part lies in its middle or end, or that needs what surrounds it.
    ///
    /// - Parameters:
    ///   - before: how many bytes before an anchor the pattern may begin.
    ///   - after: how many bytes from an anchor on the pattern may take.
    ///   - far: whether the secret may stand far from the anchor.
    ///   - pattern: with its own edges; group 1 is the secret.
    static func around(
        _ id: String, _ title: String, _ anchors: [String], before: Int = 0, after: Int = 512, far: Bool = false,
        _ pattern: String, severity: Severity = .high, entropy: Double = 3, check: SecretCheck? = nil,
        paths: [String] = [],
        at place: String
    ) -> SecretRule {
        var rule = SecretRule(
            id: id, title: title, severity: severity, specificity: .format, anchors: anchors.map { Anchor($0) },
            pattern: pattern, minimumEntropy: entropy, check: check, remedy: remedy(place))
        rule.lookBehind = before
        rule.reach = after
        rule.isFarFromAnchor = far
        rule.pathSuffixes = paths
        return rule
    }

    /// A token that only the name of its service gives away: `adafruit_key = "…"`, in the usual languages' syntaxes.
    ///
    /// - Parameters:
    ///   - words: parts of the variable's name, in any case.
    ///   - value: the shape of the value, in any case.
    static func assigned(
        _ id: String, _ title: String, _ words: [String], _ value: String, severity: Severity = .medium,
        entropy: Double = 3, check: SecretCheck? = nil, at place: String
    ) -> SecretRule {
        let names = words.joined(separator: "|")
        return SecretRule(
            id: id, title: title, severity: severity, specificity: .assignment,
            anchors: words.map { Anchor($0, caseless: true) },
            pattern: #"(?i)\#(nameEdge)(?:\#(names))[\w.\- \t]{0,32}\#(assignment)(\#(value))\#(valueEnd)"#,
            minimumEntropy: entropy, check: check, remedy: remedy(place))
    }

    /// The service's name begins a word: `ETSY_KEY`, `myEtsyKey`, not `setSysctl`.
    private static let nameEdge = "(?:(?<![A-Za-z])|(?-i:(?<=[a-z])(?=[A-Z])))"

    /// What stands between a name and its value: `=`, `:=`, `?=`, `=>`, `:`, `>` (an element), with quotes, a closing
    /// bracket and a type name around it; or a comma (a call's arguments) with a quote.
    static let assignment =
        #"(?:\\?["'`])?\]?\s{0,5}(?:string\s{0,3})?"#
        + #"(?:(?:[:?.+|]{0,3}={1,3}>?|:{1,3}|\|\||>)\s{0,10}(?:\\?["'`]){0,2}|,\s{0,10}\\?["'`])"#
    static let valueEnd = #"(?=\\?["'`]|\\[nrt]|[\s;<,)}\]&|]|$)"#

    static func remedy(_ place: String) -> String {
        "Revoke it (\(place)), issue a new one, keep that in a secret store, and look for its use in the access log; "
            + "removing it from the file does not remove it from the history."
    }
}
