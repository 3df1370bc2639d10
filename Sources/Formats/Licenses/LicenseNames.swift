/// Names that package metadata has for licenses beside SPDX's identifiers: Debian's and Fedora's short names, the
/// classifiers of Python packages, what Maven projects and older npm packages write. Where a name leaves open which
/// license of a family it is, it becomes a reference of that family.
enum LicenseNames {
    static func expression(_ text: String) -> LicenseExpression? {
        guard text.utf8.count <= 200 else { return nil }
        guard let known = byName[folded(text)] else { return nil }
        return try? LicenseExpression(known)
    }

    /// In lower case, with single spaces and without what varies between spellings.
    private static func folded(_ text: String) -> String {
        let plain = text.lowercased().map { "\t\n\r,;\"'".contains($0) ? " " : $0 }
        var words = String(plain).split(separator: " ").map(String.init)
        if words.first == "the", words.count > 1 { words.removeFirst() }
        return words.joined(separator: " ")
    }

    /// `EXPRESSION: name; name`
    private static let byName: [String: String] = {
        var out: [String: String] = [:]
        for line in table.split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            for name in line[line.index(after: colon)...].split(separator: ";") {
                out[folded(String(name))] = String(line[..<colon])
            }
        }
        return out
    }()

    private static let table = """
        MIT: expat; mit license; mit licence; mit/x11; mit/expat; mit (expat); x11/mit; mit-license; mit license (mit)
        Apache-2.0: apache 2.0; apache 2; apache2; apache-2; apache license 2.0; apache license version 2.0; asl 2.0
        Apache-2.0: apache software license version 2.0; apache software license 2.0; apache license v2.0; apache v2
        Apache-2.0: apache license v2; apache 2.0 license; apache-2.0 license; al2; asl2.0; apache software license - version 2.0
        LicenseRef-Apache: apache; apache license; apache software license
        LicenseRef-BSD: bsd; bsd license; bsd-style; bsd-like; new bsd; bsd with advertising; revised bsd
        BSD-3-Clause: new bsd license; bsd 3-clause; 3-clause bsd; bsd 3-clause license; 3-clause bsd license; bsd-3
        BSD-3-Clause: modified bsd license; revised bsd license; bsd license 3; bsd 3-clause new; bsd-3-clause license
        BSD-2-Clause: simplified bsd; simplified bsd license; bsd 2-clause; 2-clause bsd license; 2-clause bsd; freebsd; bsd-2
        ISC: isc license; isc license (iscl); iscl
        Zlib: zlib/libpng license; zlib license; zlib/libpng
        Unlicense: unlicense (unlicense); unlicense
        CC0-1.0: cc0; cc0 1.0 universal; cc0 1.0 universal (cc0 1.0) public domain dedication
        LicenseRef-public-domain: public domain; public-domain; publicdomain; pd
        PSF-2.0: python software foundation license; psf; psf license; psfl; psf-2
        Python-2.0: python
        BSL-1.0: boost; boost software license 1.0 (bsl-1.0); boost software license version 1.0; boost software license 1.0
        Artistic-1.0-Perl: artistic; artistic license
        Artistic-2.0: artistic 2.0; artistic license 2.0
        Artistic-1.0-Perl OR GPL-1.0-or-later: perl; perl_5; same as perl; gpl+ or artistic; artistic or gpl+
        OpenSSL: openssl license
        OFL-1.1: ofl; sil open font license 1.1 (ofl-1.1); sil open font license version 1.1
        Ruby: ruby license
        Unicode-3.0: unicode
        W3C: w3c license
        WTFPL: do what the fuck you want to public license; wtfpl v2
        GPL-1.0-only: gpl-1
        GPL-1.0-or-later: gpl+; gpl-1+
        GPL-2.0-only: gplv2; gpl-2; gpl2; gpl v2; gnu gpl v2; gnu general public license v2 (gplv2); gnu gplv2; gpl-2.0 license
        GPL-2.0-only: gnu general public license version 2; gnu general public license v2.0 only
        GPL-2.0-or-later: gplv2+; gpl-2+; gpl2+; gpl (>= 2); gnu general public license v2 or later (gplv2+); gpl-2.0+ license
        GPL-2.0-or-later: gplv2 or later; gnu general public license version 2 or later
        GPL-3.0-only: gplv3; gpl-3; gpl3; gpl v3; gnu gpl v3; gnu general public license v3 (gplv3); gnu gplv3
        GPL-3.0-only: gnu general public license version 3; gnu general public license v3.0
        GPL-3.0-or-later: gplv3+; gpl-3+; gpl3+; gpl (>= 3); gnu general public license v3 or later (gplv3+)
        LicenseRef-GPL: gpl; gnu gpl; gnu general public license (gpl); gnu general public license
        LGPL-2.0-only: lgplv2; lgpl-2; lgpl2
        LGPL-2.0-only: gnu lesser general public license v2 (lgplv2); gnu library general public license v2
        LGPL-2.0-or-later: lgplv2+; lgpl-2+; lgpl2+; lgpl-2.0+; gnu lesser general public license v2 or later (lgplv2+)
        LGPL-2.1-only: lgplv2.1; lgpl 2.1; gnu lesser general public license version 2.1
        LGPL-2.1-or-later: lgplv2.1+; lgpl-2.1+; lgpl (>= 2.1)
        LGPL-3.0-only: lgplv3; lgpl-3; lgpl3; gnu lesser general public license v3 (lgplv3); gnu lgpl v3
        LGPL-3.0-only: gnu lesser general public license version 3
        LGPL-3.0-or-later: lgplv3+; lgpl-3+; lgpl3+; gnu lesser general public license v3 or later (lgplv3+)
        LicenseRef-LGPL: lgpl; gnu lgpl; gnu lesser general public license; gnu library or lesser general public license (lgpl)
        AGPL-3.0-only: agplv3; agpl-3; gnu affero general public license v3; gnu agpl v3; agpl 3
        AGPL-3.0-or-later: agplv3+; agpl-3+; gnu affero general public license v3 or later (agplv3+)
        LicenseRef-AGPL: agpl; affero general public license
        GFDL-1.2-only: gfdl-1.2
        GFDL-1.3-or-later: gfdl-1.3+; gfdl-niv-1.3+
        MPL-1.1: mplv1.1; mozilla public license 1.1 (mpl 1.1); mpl 1.1
        MPL-2.0: mplv2.0; mpl 2.0; mozilla public license 2.0 (mpl 2.0); mozilla public license 2.0; mpl2; mpl-2
        MPL-2.0: mozilla public license version 2.0; mozilla public license v2.0
        EPL-1.0: eclipse public license 1.0; eclipse public license - v 1.0; epl 1.0; eclipse public license v1.0
        EPL-2.0: eclipse public license 2.0; eclipse public license - v 2.0; epl 2.0; eclipse public license v. 2.0
        EPL-2.0: eclipse public license v2.0; eclipse public license 2.0 (epl-2.0)
        CDDL-1.0: cddl; cddl 1.0; common development and distribution license 1.0
        EUPL-1.2: european union public licence 1.2 (eupl 1.2)
        SSPL-1.0: server side public license
        LicenseRef-proprietary: unlicensed; proprietary; commercial; other/proprietary license; all rights reserved
        """
}
