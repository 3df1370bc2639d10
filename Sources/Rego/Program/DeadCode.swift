/// Which registers of a function are read: an assignment to any other is left out.
struct DeadCode {
    private let isRead: [Bool]

    static func live(_ instructions: [Instruction], lists: [Int32], registers: Int) -> DeadCode {
        var isRead = [Bool](repeating: false, count: registers)
        func mark(_ operand: Int32) { if operand >= 0 { isRead[Int(operand)] = true } }
        func markList(_ at: Int32) {
            let start = Int(at) + 1
            for operand in lists[start..<start + Int(lists[Int(at)])] { mark(operand) }
        }
        for instruction in instructions {
            switch instruction.code {
            case .assign, .isArray, .isObject, .isSet, .isDefined, .isUndefined, .length, .scanStart, .returnValue,
                .resultAdd, .select:
                mark(instruction.a)
            case .assignOnce, .append, .setAdd, .dot, .dotData, .equal, .notEqual, .withEnd, .merge:
                mark(instruction.a)
                mark(instruction.b)
            case .insert, .insertOnce:
                mark(instruction.a)
                mark(instruction.b)
                mark(instruction.c)
            case .call, .callRule, .callFunction, .callBuiltin: markList(instruction.b)
            case .callDynamic:
                markList(instruction.a)
                markList(instruction.b)
            case .withStart:
                mark(instruction.a)
                mark(instruction.b)
                markList(instruction.c)
            case .observe: markList(instruction.b)
            case .makeArray, .jump, .scanNext, .selectNext, .returnUndefined: break
            }
        }
        return DeadCode(isRead: isRead)
    }

    func isKept(_ instruction: Instruction) -> Bool { instruction.code != .assign || isRead[Int(instruction.b)] }

    /// The instruction without results that nobody reads.
    func trimmed(_ instruction: Instruction) -> Instruction {
        guard instruction.code == .scanNext else { return instruction }
        var trimmed = instruction
        if !isRead[Int(instruction.a)] { trimmed.a = -1 }
        if !isRead[Int(instruction.c)] { trimmed.c = -1 }
        return trimmed
    }
}
