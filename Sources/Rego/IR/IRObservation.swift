extension IR {
    /// Something in a policy's text that an evaluation reaches or not.
    public struct Point: Sendable, Hashable {
        public enum Kind: UInt8, Sendable, Hashable, CaseIterable {
            /// A rule, a default, or a branch of `else`; reached when it has given a value.
            case rule
            /// A line of a body; reached when it is evaluated, whether or not it holds.
            case expression
            /// A query, or the body of a comprehension or of `every`.
            case body
            /// What a head computes beside its body.
            case head
        }

        public var kind: Kind
        public var place: Place
        /// An expression as the policy spells it, on one line and cut when it is long; a rule's name from `data` on.
        public var text: String
        /// Whether coverage counts it: rules and expressions of modules.
        public var isCounted: Bool
    }

    /// How far an evaluation has come with a point.
    public struct Observation: Sendable, Hashable {
        public enum Step: UInt8, Sendable, Hashable {
            /// A rule's branch or a body begins.
            case enter
            /// An expression is evaluated.
            case evaluate
            /// Its parts have values, as far as they are needed to tell whether it holds.
            case learn
            /// It holds; again with each further answer.
            case hold
            /// The rule or body has given an answer.
            case exit
            /// The body is over.
            case leave
        }

        public struct Variable: Sendable, Hashable {
            /// Of a part of an expression its text: `input.age`.
            public var name: String
            public var local: Local
        }

        public var step: Step
        /// Index into ``Policy/points``.
        public var point: Int
        /// Bodies around it within the function.
        public var level: Int
        /// Later observations of a function have a greater one; the steps of one expression have the same.
        public var position: Int
        /// What has a value here and is of interest.
        public var variables: [Variable]
    }
}
