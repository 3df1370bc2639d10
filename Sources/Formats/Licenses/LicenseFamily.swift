/// What a license asks of who passes the software on: families that a policy may name instead of single licenses.
public enum LicenseFamily: String, Sendable, Hashable, CaseIterable {
    /// Given away altogether.
    case publicDomain = "public-domain"
    /// Asks for a notice.
    case permissive
    /// Asks for the source of the package itself, or of its files.
    case copyleftWeak = "copyleft-weak"
    /// Asks for the source of what it is linked into.
    case copyleftStrong = "copyleft-strong"
    /// As the strong ones, also where it is only used over a network.
    case copyleftNetwork = "copyleft-network"
    /// Bounds who may use it for what (commerce, competition, fields of use), or grants nothing.
    case restricted

    /// Nil where none is known: such a license is told by its identifier.
    public init?(_ license: LicenseExpression.License) {
        let license = license.preferred
        guard let family = Self.members[license.id] else { return nil }
        // An exception for linking takes away what makes it strong.
        let isEased = license.exception.map(Self.linking.contains) ?? false
        self = family == .copyleftStrong && isEased ? .copyleftWeak : family
    }

    private static let linking: Set<String> = [
        "Classpath-exception-2.0", "GCC-exception-2.0", "GCC-exception-3.1", "GNAT-exception", "Libtool-exception",
        "Autoconf-exception-2.0", "Autoconf-exception-3.0", "Autoconf-exception-generic",
        "Autoconf-exception-generic-3.0", "Autoconf-exception-macro", "Bison-exception-1.24", "Bison-exception-2.2",
        "Font-exception-2.0", "OpenJDK-assembly-exception-1.0", "eCos-exception-2.0", "freertos-exception-2.0",
        "Linux-syscall-note", "GPL-3.0-linking-exception", "GPL-3.0-linking-source-exception",
        "Bootloader-exception", "FLTK-exception", "WxWindows-exception-3.1", "OCaml-LGPL-linking-exception",
        "erlang-otp-linking-exception", "LLVM-exception", "Swift-exception", "Qt-GPL-exception-1.0",
        "Universal-FOSS-exception-1.0", "u-boot-exception-2.0", "i2p-gpl-java-exception", "gnu-javamail-exception",
        "mif-exception", "Independent-modules-exception", "Texinfo-exception",
    ]

    static let members: [String: LicenseFamily] = {
        var out: [String: LicenseFamily] = [:]
        for (family, text) in lists {
            for id in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) { out[String(id)] = family }
        }
        return out
    }()

    private static let lists: [(LicenseFamily, String)] = [
        (
            .publicDomain,
            """
            CC0-1.0 CC-PDDC CC-PDM-1.0 PDDL-1.0 Unlicense WTFPL blessing SAX-PD SAX-PD-2.0 NIST-PD NTIA-PD
            ANTLR-PD libselinux-1.0 LicenseRef-public-domain
            """
        ),
        (
            .permissive,
            """
            0BSD MIT-0 AFL-1.1 AFL-1.2 AFL-2.0 AFL-2.1 AFL-3.0 AML Apache-1.0 Apache-1.1 Apache-2.0 BlueOak-1.0.0 BSD-1-Clause
            BSD-2-Clause BSD-2-Clause-Patent BSD-2-Clause-Views BSD-2-Clause-FreeBSD BSD-2-Clause-NetBSD
            BSD-2-Clause-first-lines BSD-3-Clause BSD-3-Clause-Attribution BSD-3-Clause-Clear BSD-3-Clause-HP
            BSD-3-Clause-LBNL BSD-3-Clause-Modification BSD-3-Clause-Open-MPI BSD-3-Clause-flex BSD-4-Clause
            BSD-4-Clause-Shortened BSD-4-Clause-UC BSD-4.3RENO BSD-4.3TAHOE BSD-Source-Code BSL-1.0 bzip2-1.0.5
            bzip2-1.0.6 CC-BY-1.0 CC-BY-2.0 CC-BY-2.5 CC-BY-3.0 CC-BY-4.0 CDLA-Permissive-1.0 CDLA-Permissive-2.0
            CNRI-Python Cornell-Lossless-JPEG curl ECL-1.0 ECL-2.0 EFL-1.0 EFL-2.0 Entessa FSFAP FSFULLR FTL Fair
            HPND HPND-DEC HPND-doc HPND-doc-sell HPND-Kevlin-Henney HPND-Markus-Kuhn HPND-MIT-disclaimer
            HPND-Pbmplus HPND-sell-regexpr HPND-sell-variant HPND-sell-MIT-disclaimer-xserver ICU IJG IJG-short
            Info-ZIP Intel ISC ISC-Veillard JasPer-2.0 Libpng libpng-1.6.35 libpng-2.0 libtiff Linux-OpenIB
            Minpack MirOS MIT MIT-CMU MIT-Modern-Variant MIT-advertising MIT-enna MIT-feh MIT-open-group MIT-Festival
            MIT-Wu MITNFA MS-PL mpich2 MulanPSL-1.0 MulanPSL-2.0 Multics NAIST-2003 NCSA Net-SNMP NetCDF NTP NTP-0
            OLDAP-2.0.1 OLDAP-2.7 OLDAP-2.8 OpenSSL OpenSSL-standalone PHP-3.0 PHP-3.01 Plexus PostgreSQL PSF-2.0
            Python-2.0 Python-2.0.1 psutils Saxpath Sendmail SGI-B-2.0 SMLNJ snprintf Spencer-86 Spencer-94 Spencer-99
            SSH-OpenSSH SSH-short SunPro SWL TCL TCP-wrappers TU-Berlin-1.0 TU-Berlin-2.0 UCAR Unicode-3.0
            Unicode-DFS-2015 Unicode-DFS-2016 UPL-1.0 VSL-1.0 W3C W3C-19980720 W3C-20150513 Widget-Workshop X11
            X11-distribute-modifications-variant Xerox XFree86-1.1 xinetd Xnet xpp Zed Zend-2.0 Zlib
            zlib-acknowledgement ZPL-1.1 ZPL-2.0 ZPL-2.1 LicenseRef-Apache LicenseRef-BSD
            """
        ),
        (
            .copyleftWeak,
            """
            APSL-1.0 APSL-1.1 APSL-1.2 APSL-2.0 Artistic-1.0 Artistic-1.0-Perl Artistic-1.0-cl8 Artistic-2.0
            CATOSL-1.1 CC-BY-SA-1.0 CC-BY-SA-2.0 CC-BY-SA-2.5 CC-BY-SA-3.0 CC-BY-SA-4.0 CDDL-1.0 CDDL-1.1 CECILL-C
            CERN-OHL-W-2.0 CPL-1.0 CUA-OPL-1.0 EPL-1.0 EPL-2.0 ErlPL-1.1 FreeImage gSOAP-1.3b IPL-1.0 LGPL-2.0-only
            LGPL-2.0-or-later LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0-only LGPL-3.0-or-later LGPLLR LPL-1.0 LPL-1.02
            MPL-1.0 MPL-1.1 MPL-2.0 MPL-2.0-no-copyleft-exception MS-RL NASA-1.3 Nokia NPL-1.0 NPL-1.1 OFL-1.0 OFL-1.1
            OFL-1.1-RFN OFL-1.1-no-RFN Ruby SISSL SISSL-1.2 SPL-1.0 Ubuntu-font-1.0 wxWindows YPL-1.0
            Zimbra-1.3 Zimbra-1.4 LicenseRef-LGPL
            """
        ),
        (
            .copyleftStrong,
            """
            BSD-Protection CC-SA-1.0 CDLA-Sharing-1.0 CECILL-1.0 CECILL-1.1 CECILL-2.0 CECILL-2.1 CERN-OHL-S-2.0
            copyleft-next-0.3.0 copyleft-next-0.3.1 D-FSL-1.0 GFDL-1.1-only GFDL-1.1-or-later GFDL-1.2-only
            GFDL-1.2-or-later GFDL-1.3-only GFDL-1.3-or-later GPL-1.0-only GPL-1.0-or-later GPL-2.0-only
            GPL-2.0-or-later GPL-3.0-only GPL-3.0-or-later ODbL-1.0 QPL-1.0 SimPL-2.0 Sleepycat SMAIL-GPL Vim
            LicenseRef-GPL
            """
        ),
        (
            .copyleftNetwork,
            """
            AGPL-1.0-only AGPL-1.0-or-later AGPL-3.0-only AGPL-3.0-or-later CPAL-1.0 EUPL-1.0 EUPL-1.1 EUPL-1.2
            NPOSL-3.0 OSL-1.0 OSL-1.1 OSL-2.0 OSL-2.1 OSL-3.0 Parity-6.0.0 Parity-7.0.0 RPL-1.1 RPL-1.5 RPSL-1.0
            SSPL-1.0 Watcom-1.0 LicenseRef-AGPL
            """
        ),
        (
            .restricted,
            """
            Aladdin BUSL-1.1 C-UDA-1.0 CC-BY-NC-1.0 CC-BY-NC-2.0 CC-BY-NC-2.5 CC-BY-NC-3.0 CC-BY-NC-4.0
            CC-BY-NC-ND-1.0 CC-BY-NC-ND-2.0 CC-BY-NC-ND-2.5 CC-BY-NC-ND-3.0 CC-BY-NC-ND-4.0 CC-BY-NC-SA-1.0
            CC-BY-NC-SA-2.0 CC-BY-NC-SA-2.5 CC-BY-NC-SA-3.0 CC-BY-NC-SA-4.0 CC-BY-ND-1.0 CC-BY-ND-2.0 CC-BY-ND-2.5
            CC-BY-ND-3.0 CC-BY-ND-4.0 CPOL-1.02 Elastic-2.0 FSL-1.1-ALv2 FSL-1.1-MIT Hippocratic-2.1 JSON
            BSD-3-Clause-No-Military-License BSD-3-Clause-No-Nuclear-License BSD-3-Clause-No-Nuclear-License-2014
            NCGL-UK-2.0 PolyForm-Noncommercial-1.0.0 PolyForm-Small-Business-1.0.0 SUL-1.0 LicenseRef-proprietary
            """
        ),
    ]
}
