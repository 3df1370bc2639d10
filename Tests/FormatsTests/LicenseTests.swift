import TestSupport
import Testing

@testable import Formats

@Suite struct LicenseTests {
    @Test(arguments: [
        ("mit", "MIT"), ("MIT OR Apache-2.0", "MIT OR Apache-2.0"), ("(MIT)", "MIT"),
        ("MIT AND (BSD-2-Clause OR ISC)", "MIT AND (BSD-2-Clause OR ISC)"),
        ("MIT OR (BSD-2-Clause AND ISC)", "MIT OR BSD-2-Clause AND ISC"),
        ("GPL-2.0-only with Classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("Apache-2.0+", "Apache-2.0+"), ("GPL-2.0+", "GPL-2.0+"), ("LicenseRef-a.b-c", "LicenseRef-a.b-c"),
        ("DocumentRef-x:LicenseRef-y", "DocumentRef-x:LicenseRef-y"),
    ])
    func expressionsAreRead(_ text: String, _ wanted: String) throws {
        let read = try LicenseExpression(text)
        #expect(read.description == wanted)
        #expect(try LicenseExpression(wanted).description == wanted)
    }

    @Test(arguments: [
        ("", 0), ("MIT OR", 6), ("MIT Apache-2.0", 4), ("(MIT", 4), ("MIT)", 3), ("MIT AND nothing", 8),
        ("MIT WITH nothing", 9), ("(MIT OR ISC) WITH Classpath-exception-2.0", 13), ("LicenseRef-", 0), ("+", 0),
        ("MIT WITH Classpath-exception-2.0 WITH Classpath-exception-2.0", 33), ("Or", 0),
        (String(repeating: "(", count: 100) + "MIT", 65), (String(repeating: "x", count: 20_000), 0),
    ])
    func whatIsNoneIsRefusedWithItsPlace(_ text: String, _ offset: Int) {
        let error = #expect(throws: LicenseError.self) { try LicenseExpression(text) }
        #expect(error?.offset == offset, "\(error.map(String.init(describing:)) ?? "")")
    }

    @Test(arguments: [
        ("Apache License, Version 2.0", "Apache-2.0"), ("The MIT License", "MIT"), ("Expat", "MIT"),
        ("GPLv2+ and (BSD or ASL 2.0)", "GPL-2.0-or-later AND (LicenseRef-BSD OR Apache-2.0)"),
        ("GPL-2+ or MIT", "GPL-2.0-or-later OR MIT"),
        ("MIT BSD-2-Clause GPL2+", "MIT AND BSD-2-Clause AND GPL-2.0-or-later"),
        ("GNU General Public License v3 or later (GPLv3+)", "GPL-3.0-or-later"),
        ("UNLICENSED", "LicenseRef-proprietary"),
        ("Same as Perl", "Artistic-1.0-Perl OR GPL-1.0-or-later"), ("public domain", "LicenseRef-public-domain"),
    ])
    func whatPeopleWriteIsRead(_ text: String, _ wanted: String) throws {
        #expect(try LicenseExpression(lenient: text).description == wanted)
    }

    @Test(arguments: ["SEE LICENSE IN LICENSE.md", "GPLv2 with exceptions", "custom", "", "MIT and something else"])
    func whatCannotBeToldIsRefused(_ text: String) {
        #expect(throws: LicenseError.self) { try LicenseExpression(lenient: text) }
    }

    @Test func familiesKnowOlderSpellingsAndExceptions() throws {
        func family(_ text: String) throws -> LicenseFamily? {
            try LicenseExpression(text).licenses.first.flatMap { LicenseFamily($0) }
        }
        #expect(try family("GPL-2.0") == .copyleftStrong)
        #expect(try family("GPL-2.0+") == .copyleftStrong)
        #expect(try family("GPL-2.0-with-classpath-exception") == .copyleftWeak)
        #expect(try family("GPL-3.0-only WITH GCC-exception-3.1") == .copyleftWeak)
        #expect(try family("AGPL-3.0") == .copyleftNetwork)
        #expect(try family("LGPL-2.1+") == .copyleftWeak)
        #expect(try family("Apache-2.0 WITH LLVM-exception") == .permissive)
        #expect(try family("BUSL-1.1") == .restricted)
        #expect(try family("AAL") == nil)
    }

    /// Each name in a family is one of the list or a reference, so that none is spelled wrongly.
    @Test func familiesNameLicensesOfTheList() {
        for name in LicenseFamily.members.keys where !name.hasPrefix("LicenseRef-") {
            #expect(SPDXLicense.identifier(name) == name, "\(name)")
        }
    }

    @Test func aChoiceTakesTheBestAndTogetherTheWorst() throws {
        var policy = LicensePolicy()
        policy.allow = [.family(.permissive), try .init("GPL-2.0-only WITH Classpath-exception-2.0")]
        policy.review = [.family(.copyleftWeak)]
        policy.deny = [.family(.copyleftStrong), .family(.copyleftNetwork), try .init("JSON")]
        func verdict(_ text: String) throws -> LicensePolicy.Verdict {
            policy.judge(try LicenseExpression(text)).verdict
        }
        #expect(try verdict("MIT") == .allowed)
        #expect(try verdict("MIT OR GPL-3.0-only") == .allowed)
        #expect(try verdict("MIT AND GPL-3.0-only") == .denied)
        #expect(try verdict("MIT AND (GPL-3.0-only OR LGPL-3.0-only)") == .review)
        #expect(try verdict("GPL-2.0-with-classpath-exception") == .allowed)
        #expect(try verdict("GPL-2.0-only") == .denied)
        #expect(try verdict("JSON") == .denied)
        #expect(try verdict("AAL") == .review)
        policy.others = .denied
        #expect(try verdict("LicenseRef-other") == .denied)
        #expect(policy.judge(try LicenseExpression("MIT AND AGPL-3.0-or-later")).reason.contains("copyleft-network"))
    }

    @Test func anEntryBeatsAFamilyAndLaterVersionsMayBeUsedAsThisOne() throws {
        var policy = LicensePolicy()
        policy.deny = [.family(.copyleftStrong)]
        policy.allow = [try .init("GPL-3.0")]
        #expect(policy.judge(try LicenseExpression("GPL-3.0-or-later")).verdict == .allowed)
        #expect(policy.judge(try LicenseExpression("GPL-2.0-or-later")).verdict == .denied)
        #expect(throws: LicenseError.self) { try LicensePolicy.Entry("MIT OR ISC") }
        #expect(throws: LicenseError.self) { try LicensePolicy.Entry("copyleft") }
    }

    @Test func mutatedExpressions() {
        var random = SeededRandom(seed: 5)
        let words = ["MIT", "AND", "OR", "WITH", "(", ")", "+", "Classpath-exception-2.0", "GPL-2.0+", "x", " ", "and"]
        for _ in 0..<3000 {
            let text = (0..<Int.random(in: 1...12, using: &random))
                .map { _ in words.randomElement(using: &random) ?? "" }.joined(
                    separator: Bool.random(using: &random) ? " " : "")
            for read in [try? LicenseExpression(text), try? LicenseExpression(lenient: text)] {
                guard let read else { continue }
                #expect((try? LicenseExpression(read.description))?.description == read.description)
            }
        }
    }
}
