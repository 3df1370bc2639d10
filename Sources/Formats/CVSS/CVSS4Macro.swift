/// An equivalence class of vectors (version 4.0, tables 24 to 29) and its score, as FIRST published them.
struct CVSS4Macro {
    var eq1: Int
    var eq2: Int
    /// EQ3 and EQ6 together: 00, 01, 10, 11, 21.
    var eq36: Int
    var eq4: Int
    var eq5: Int

    /// In tenths; nil where there is no such class.
    var score: Int? {
        guard eq1 < 3, eq2 < 2, eq36 < 5, eq4 < 3, eq5 < 3 else { return nil }
        return Self.scores[(eq1 * 2 + eq2) * 5 + eq36][eq4 * 3 + eq5]
    }

    func lowered(_ dimension: WritableKeyPath<CVSS4Macro, Int>) -> Int? {
        var lower = self
        lower[keyPath: dimension] += 1
        return lower.score
    }

    /// One class lower in the impact: of two ways down the one with the higher score.
    var loweredImpact: Int? {
        func score(_ place: Int) -> Int? {
            var lower = self
            lower.eq36 = place
            return lower.score
        }
        return switch eq36 {
        case 0: [score(1), score(2)].compactMap(\.self).max()
        case 1, 2: score(3)
        case 3: score(4)
        default: nil
        }
    }

    /// The worst vectors of each class.
    static let worst1 = [
        ["AV:N/PR:N/UI:N"], ["AV:A/PR:N/UI:N", "AV:N/PR:L/UI:N", "AV:N/PR:N/UI:P"],
        ["AV:P/PR:N/UI:N", "AV:A/PR:L/UI:P"],
    ]
    static let worst2 = [["AC:L/AT:N"], ["AC:H/AT:N", "AC:L/AT:P"]]
    static let worst36 = [
        ["VC:H/VI:H/VA:H/CR:H/IR:H/AR:H"],
        ["VC:H/VI:H/VA:L/CR:M/IR:M/AR:H", "VC:H/VI:H/VA:H/CR:M/IR:M/AR:M"],
        ["VC:L/VI:H/VA:H/CR:H/IR:H/AR:H", "VC:H/VI:L/VA:H/CR:H/IR:H/AR:H"],
        [
            "VC:L/VI:H/VA:L/CR:H/IR:M/AR:H", "VC:L/VI:H/VA:H/CR:H/IR:M/AR:M", "VC:H/VI:L/VA:H/CR:M/IR:H/AR:M",
            "VC:H/VI:L/VA:L/CR:M/IR:H/AR:H", "VC:L/VI:L/VA:H/CR:H/IR:H/AR:M",
        ],
        ["VC:L/VI:L/VA:L/CR:H/IR:H/AR:H"],
    ]
    static let worst4 = [["SC:H/SI:S/SA:S"], ["SC:H/SI:H/SA:H"], ["SC:L/SI:L/SA:L"]]

    /// In tenths. A row for each EQ1, EQ2, EQ3 with EQ6, the last fastest; in it EQ4 and EQ5.
    private static let scores: [[Int]] = """
        100 98 95 100 93 91 93 89 81
        99 95 92 96 87 81 90 80 68
        98 95 90 93 89 81 88 78 69
        95 92 84 92 81 65 80 70 48
        92 82 72 79 69 50 69 55 27
        99 95 92 95 90 84 92 82 72
        97 92 85 91 83 71 81 71 53
        95 92 85 92 80 70 84 71 50
        93 85 73 82 72 59 70 52 30
        86 75 52 71 52 29 63 29 17
        98 94 91 94 86 77 87 74 63
        95 87 81 89 74 64 75 63 49
        94 88 76 86 74 59 72 57 52
        89 77 67 76 58 50 57 52 25
        83 70 54 65 58 26 53 21 13
        95 88 76 90 75 61 77 68 52
        90 76 70 77 62 53 66 59 30
        89 76 62 74 57 47 61 57 24
        78 67 58 59 57 23 52 29 16
        71 59 30 58 26 15 23 13 6
        93 86 75 86 74 56 70 52 40
        87 72 58 74 61 34 54 40 22
        85 74 62 72 55 46 53 34 19
        75 55 51 57 41 19 36 19 8
        64 51 20 47 21 11 24 9 4
        88 73 60 73 59 41 54 45 20
        75 53 50 55 40 20 43 22 11
        75 58 40 61 48 20 46 17 8
        55 45 21 51 18 9 18 7 2
        53 24 14 24 12 5 10 3 1
        """.split(separator: "\n").map { $0.split(separator: " ").compactMap { Int($0) } }
}
