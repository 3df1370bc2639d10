import JSON

/// What the parser has against the bytes; nil when it takes them.
func objection(_ bytes: [UInt8], limits: JSON.Limits = .default) -> JSONError? {
    do {
        _ = try JSON.parse(bytes, limits: limits)
        return nil
    } catch {
        return error
    }
}

func objection(_ text: String, limits: JSON.Limits = .default) -> JSONError? {
    objection([UInt8](text.utf8), limits: limits)
}

/// Every kind of value, escape and character length.
let sample = #"""
    {"model": "openai/gpt-5.4", "n": [0, -1, 2.50, 1e3, -0.0, 6.02E+23, 123456789012345678901234567890],
     "messages": [{"role": "user", "content": "Gr\u00fc\u00dfe \ud83d\ude00 \"quoted\" \\ \/ \b\f\n\r\t end"},
                  {"role": "assistant", "content": "é € 😀 and a long run of plain text to cross word borders"}],
     "empty": [{}, [], ""], "flags": [true, false, null], "k\u0065y": {"nested": {"deeper": [[[1]]]}},
     "a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6}
    """#
