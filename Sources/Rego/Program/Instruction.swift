/// One step of the evaluator. What `a`, `b`, `c` and `target` mean is said with each code.
///
/// An operand is a register of the frame when it is not negative, else a constant of the program (its complement).
/// Where a step is *undefined*, evaluation goes on at `target`.
struct Instruction {
    var code: Code
    var a: Int32 = 0
    var b: Int32 = 0
    var c: Int32 = 0
    var target: Int32 = 0

    enum Code: UInt8 {
        /// b = a
        case assign
        /// b = a, or a conflict
        case assignOnce
        /// b = [] with room for a elements
        case makeArray
        /// b is changed by the value a
        case append, setAdd
        /// c is changed by the key a and the value b
        case insert, insertOnce
        /// c = b overlaid with a
        case merge
        /// c = a[b]
        case dot
        /// The same within `data`, where a number also finds the member that is named by its spelling.
        case dotData
        case equal, notEqual
        case isArray, isObject, isSet, isDefined, isUndefined
        /// b = count(a)
        case length
        case jump
        /// Registers b and b + 1 hold the collection a and the place in it.
        case scanStart
        /// Key to a and value to c where those are registers; at the end to `target`.
        case scanNext
        /// c = function a of the arguments at b in `lists`
        case call
        /// The same with the caller's `input` and `data`: a rule's value is kept for the query, and that of a function
        /// that turns out to be expensive.
        case callRule, callFunction
        /// c = builtin a of the arguments at b in `lists`
        case callBuiltin
        /// c = the function whose path is at a in `lists` of the arguments at b
        case callDynamic
        /// Goes to the first of the blocks that are worth running for the value a; see ``RuleIndex``. Register b holds
        /// the place in the list of those that match, b + 1 that in the list of those that always run. At c in `lists`:
        /// the constant that has the former lists by value, an empty list, the latter list.
        case select
        /// Goes to the next of the blocks in the lists at b and b + 1; goes on where there are none.
        case selectNext
        case returnValue, returnUndefined
        case resultAdd
        /// The register b, kept in `target` until `withEnd`, gets the value a at the path at c in `lists`.
        case withStart
        /// The register b gets back what a holds.
        case withEnd
        /// The observation a, with variables at b in `lists`.
        case observe
    }
}
