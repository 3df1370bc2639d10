/// What somebody wrote as a license, by SPDX's licenses as far as they are common.
public enum SPDXLicense {
    /// One license of the list, in its own spelling; nil for what is none, or one that is not known here.
    public static func identifier(_ text: String) -> String? { byFolded[text.lowercased()] }

    /// An expression (SPDX 2.3, annex D) of known licenses, in the list's spelling; nil where a part is not known.
    public static func expression(_ text: String) -> String? {
        var out: [String] = []
        var depth = 0
        var wantsLicense = true
        for token in tokens(text).prefix(200) {
            switch token {
            case "(" where wantsLicense: depth += 1
            case ")" where !wantsLicense && depth > 0: depth -= 1
            case "AND", "OR", "WITH":
                guard !wantsLicense else { return nil }
                wantsLicense = true
            default:
                let isException = out.last == "WITH"
                guard wantsLicense, let known = isException ? exception(token) : identifier(token) else { return nil }
                out.append(known)
                wantsLicense = false
                continue
            }
            out.append(token)
        }
        guard depth == 0, !wantsLicense else { return nil }
        return out.joined(separator: " ").replacing("( ", with: "(").replacing(" )", with: ")")
    }

    private static func tokens(_ text: String) -> [String] {
        text.replacing("(", with: " ( ").replacing(")", with: " ) ").split { $0.isWhitespace }.map(String.init)
    }

    private static func exception(_ text: String) -> String? {
        exceptions.first { $0.lowercased() == text.lowercased() }
    }

    private static let exceptions = [
        "Classpath-exception-2.0", "GCC-exception-3.1", "LLVM-exception", "OpenSSL-exception", "Swift-exception",
        "Font-exception-2.0", "Bison-exception-2.2",
    ]

    private static let byFolded: [String: String] = Dictionary(
        """
        0BSD AFL-2.1 AFL-3.0 AGPL-3.0 AGPL-3.0-only AGPL-3.0-or-later Apache-1.1 Apache-2.0 APSL-2.0 Artistic-1.0
        Artistic-2.0 BlueOak-1.0.0 BSD-1-Clause BSD-2-Clause BSD-2-Clause-Patent BSD-3-Clause BSD-3-Clause-Clear
        BSD-4-Clause BSL-1.0 BUSL-1.1 bzip2-1.0.6 CC-BY-3.0 CC-BY-4.0 CC-BY-SA-3.0 CC-BY-SA-4.0 CC0-1.0 CDDL-1.0
        CDDL-1.1 CPL-1.0 curl ECL-2.0 EPL-1.0 EPL-2.0 EUPL-1.1 EUPL-1.2 FSFAP FTL GFDL-1.3-only GFDL-1.3-or-later GPL-1.0-only
        GPL-1.0-or-later GPL-2.0 GPL-2.0+ GPL-2.0-only GPL-2.0-or-later GPL-3.0 GPL-3.0+ GPL-3.0-only GPL-3.0-or-later
        HPND ICU IJG ISC LGPL-2.0-only LGPL-2.0-or-later LGPL-2.1 LGPL-2.1+ LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0
        LGPL-3.0-only LGPL-3.0-or-later libpng-2.0 Libpng MIT MIT-0 MIT-CMU MPL-1.0 MPL-1.1 MPL-2.0
        MPL-2.0-no-copyleft-exception MS-PL MS-RL MulanPSL-2.0 NCSA NTP OFL-1.1 OLDAP-2.8 OpenSSL OSL-3.0 PHP-3.01
        PostgreSQL PSF-2.0 Python-2.0 Python-2.0.1 QPL-1.0 Ruby SGI-B-2.0 SISSL Sleepycat SSPL-1.0 TCL Unicode-3.0
        Unicode-DFS-2016 Unlicense UPL-1.0 Vim W3C WTFPL X11 Zlib ZPL-2.1
        """.split { $0 == " " || $0 == "\n" }.map { ($0.lowercased(), String($0)) }
    ) { first, _ in first }
}
