/// Search and replacement by bytes, which in UTF-8 is by code points.
enum TextSearch {
    typealias Pair = (old: [UInt8], new: [UInt8])

    /// Where the second operand, not empty, occurs in the first, in bytes.
    static func find(
        _ arguments: [RegoValue], _ context: BuiltinContext, limit: Int = .max, overlapping: Bool = false
    ) throws(BuiltinError) -> [Int] {
        let text = Array(try arguments.text(0).utf8)
        let wanted = Array(try arguments.text(1).utf8)
        guard let first = wanted.first else { return [0] }
        var found: [Int] = []
        var at = 0
        var work = 0
        while at + wanted.count <= text.count, found.count < limit {
            guard text[at] == first else {
                at += 1
                continue
            }
            var length = 1
            while length < wanted.count, text[at + length] == wanted[length] { length += 1 }
            work += length
            if length == wanted.count {
                found.append(at)
                at += overlapping ? 1 : length
            } else {
                at += 1
            }
            if work > 4096 {
                try context.charge(steps: work / 16)
                work = 0
            }
        }
        try context.charge(steps: (text.count + work) / 64 + found.count)
        return found
    }

    /// At each place the first pair whose old text is there is taken; an empty old text is everywhere.
    static func replace(
        _ text: String, _ pairs: [Pair], _ context: BuiltinContext
    ) throws(BuiltinError) -> String {
        let bytes = Array(text.utf8)
        var output: [UInt8] = []
        var at = 0
        var charged = 0
        var mayBeEmpty = true
        while at <= bytes.count {
            let isBoundary = at == bytes.count || bytes[at] & 0xC0 != 0x80
            let pair = pairs.first { pair in
                pair.old.isEmpty ? mayBeEmpty && isBoundary : bytes[at...].starts(with: pair.old)
            }
            if let pair { output += pair.new }
            if let pair, !pair.old.isEmpty {
                at += pair.old.count
                mayBeEmpty = false
            } else {
                if at < bytes.count { output.append(bytes[at]) }
                at += 1
                mayBeEmpty = true
            }
            if output.count - charged > 4096 || at == bytes.count {
                try context.charge(memory: output.count - charged)
                charged = output.count
            }
        }
        try context.charge(steps: Size.product(bytes.count, pairs.count) / 16)
        return String(decoding: output, as: UTF8.self)
    }
}
