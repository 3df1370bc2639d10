extension IR {
    /// What a statement does. "Undefined" means that the statement is, and so ends its block.
    public indirect enum Operation: Sendable, Hashable {
        case arrayAppend(value: Operand, array: Local)
        case assignInt(value: Int, target: Local)
        case assignVar(source: Operand, target: Local)
        /// A conflict error when the target has another value already.
        case assignVarOnce(source: Operand, target: Local)
        /// The blocks one after the other; never undefined.
        case block([Block])
        /// Ends the block that is this many blocks further out; 0 is the statement's own.
        case `break`(Int)
        /// Undefined when the function is. The function is a policy's or a builtin.
        case call(function: String, arguments: [Operand], result: Local)
        /// Undefined also when no function has the path.
        case callDynamic(path: [Operand], arguments: [Local], result: Local)
        /// The member of the source; undefined when there is none.
        case dot(source: Operand, key: Operand, target: Local)
        /// Undefined unless both are defined and equal.
        case equal(Operand, Operand)
        case isArray(Operand)
        case isObject(Operand)
        case isSet(Operand)
        case isDefined(Local)
        case isUndefined(Local)
        /// The number of elements; undefined for a scalar.
        case len(source: Operand, target: Local)
        case makeArray(capacity: Int, target: Local)
        case makeNull(target: Local)
        case makeNumberInt(value: Int, target: Local)
        /// The number that a string spells.
        case makeNumberRef(index: Int, target: Local)
        case makeObject(target: Local)
        case makeSet(target: Local)
        case nop
        /// Undefined when the block runs to its end.
        case not(Block)
        /// Undefined unless both are defined and differ.
        case notEqual(Operand, Operand)
        case objectInsert(key: Operand, value: Operand, object: Local)
        /// A conflict error when the object has another value for the key.
        case objectInsertOnce(key: Operand, value: Operand, object: Local)
        /// All members of both, objects within each other merged; where both have a value, that of `a` counts.
        case objectMerge(a: Local, b: Local, target: Local)
        case resetLocal(target: Local)
        case resultSetAdd(Local)
        case returnLocal(Local)
        /// The block for each element in turn, for none when the source is no collection; never undefined.
        case scan(source: Local, key: Local, value: Local, block: Block)
        case setAdd(value: Operand, set: Local)
        /// The block with a value put into a local at a path of strings; undefined when the block is.
        case with(local: Local, path: [Int], value: Operand, block: Block)

        /// Not of OPA's: a value that is known when the policy is compiled.
        case makeValue(RegoValue, target: Local)
        /// Not of OPA's: tells whoever watches the evaluation how far it has come. Never undefined.
        case observe(Observation)
    }
}
