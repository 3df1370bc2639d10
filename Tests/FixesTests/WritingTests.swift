import Core
import Foundation
import Gate
import JSON
import TestSupport
import Testing

@testable import Fixes
@testable import Scan

/// Files that are not what they seem, or change while somebody thinks about a fix.
@Suite struct WritingTests {
    private static let flawed = "resource \"aws_kms_key\" \"k\" {\n  description = \"k\"\n}\n"
    private static let fixed =
        "resource \"aws_kms_key\" \"k\" {\n  description = \"k\"\n  enable_key_rotation = true\n}\n"

    @Test func whatWasShownIsWrittenAndTakenBack() async throws {
        let world = try World(["main.tf": Self.flawed])
        chmod(world.root + "/main.tf", 0o640)
        let shown = try await world.fixes()
        let preview = try await world.preview(shown)
        #expect(preview.diff.contains("+  enable_key_rotation = true"))
        #expect(preview.facts["kinds"] == ["configuration"])
        #expect(try world.tree.text("main.tf") == Self.flawed)
        try await world.apply(shown)
        #expect(try world.tree.text("main.tf") == Self.fixed)
        var status = stat()
        #expect(stat(world.root + "/main.tf", &status) == 0 && status.st_mode & 0o777 == 0o640)
        try await world.undo(try #require(preview.undo))
        #expect(try world.tree.text("main.tf") == Self.flawed)
        #expect(try FileManager.default.contentsOfDirectory(atPath: world.root) == ["main.tf"])
    }

    @Test func aFileThatHasChangedIsLeftAlone() async throws {
        let world = try World(["main.tf": Self.flawed])
        let shown = try await world.fixes()
        try world.tree.write("main.tf", "# mine\n" + Self.flawed)
        #expect(await refusal { _ = try await world.preview(shown) }?.contains("not the one that was shown") == true)
        #expect(await refusal { try await world.apply(shown) }?.contains("not the one that was shown") == true)
        #expect(try world.tree.text("main.tf") == "# mine\n" + Self.flawed)
    }

    @Test func whatHasChangedSinceIsNotTakenBack() async throws {
        let world = try World(["main.tf": Self.flawed])
        let shown = try await world.fixes()
        let undo = try #require(try await world.preview(shown).undo)
        try await world.apply(shown)
        try world.tree.write("main.tf", Self.fixed + "# mine\n")
        #expect(await refusal { try await world.undo(undo) }?.contains("has changed since") == true)
        #expect(try world.tree.text("main.tf") == Self.fixed + "# mine\n")
    }

    @Test func whatWasTakenBackInPartIsTakenBackWhole() async throws {
        let world = try World(["a/main.tf": Self.flawed, "b/main.tf": Self.flawed])
        let shown = try await world.fixes()
        let undo = try #require(try await world.preview(shown).undo)
        func found() async throws -> Reconciliation {
            try await UndoFixTool(world.workshop).reconcile(
                world.action(undo.tool, undo.arguments, undoes: "act_0"), in: world.context())
        }
        try await world.apply(shown)
        #expect(try await found() == .didNotHappen)
        // As after an end between two files.
        try world.tree.write("a/main.tf", Self.flawed)
        #expect(try await found() == .unknowable)
        try await world.undo(undo)
        #expect(try world.tree.text("b/main.tf") == Self.flawed)
        #expect(try await found() == .happened(Answer(["files": ["a/main.tf", "b/main.tf"]])))
        #expect(await refusal { try await world.undo(undo) }?.contains("nothing is left to do") == true)
    }

    @Test func takingBackIsNothingToAskForByItself() async throws {
        let world = try World(["main.tf": Self.fixed])
        let patch: JSON = ["path": .string(world.root), "files": []]
        let action = world.action(UndoFixTool.id, patch)
        #expect(
            await refusal { _ = try await UndoFixTool(world.workshop).perform(action, in: world.context()) }?
                .contains("only takes fixes back") == true)
    }

    @Test(arguments: ["../outside.tf", ".git/config", "a/../../outside.tf", "/etc/hosts", "", "a//b"])
    func pathsThatLeadElsewhereAreRefused(path: String) async throws {
        let world = try World(["main.tf": Self.flawed, "a/b": "x"])
        try world.tree.write("../outside.tf", "x")
        let hash = FixDigest.of(Array("x".utf8))
        let edit: JSON = ["offset": 0, "length": 1, "text": "y"]
        let file: JSON = [
            "path": .string(path), "before": .string(hash), "after": .string(FixDigest.of(Array("y".utf8))),
            "edits": [edit],
        ]
        let plan = UndoPlan(
            tool: UndoFixTool.id, target: "", arguments: ["path": .string(world.root), "files": [file]], summary: "")
        #expect(await refusal { try await world.undo(plan) } != nil)
        #expect(try world.tree.text("../outside.tf") == "x")
        #expect(try world.tree.text("a/b") == "x")
    }

    @Test func linksAreNotFollowed() async throws {
        let world = try World(["real/main.tf": Self.flawed])
        let shown = try await world.fixes()
        // The folder becomes a link to one elsewhere that looks the same.
        let root = world.root
        try FileManager.default.moveItem(atPath: root + "/real", toPath: world.scratch.file("elsewhere"))
        try FileManager.default.createSymbolicLink(
            atPath: root + "/real", withDestinationPath: world.scratch.file("elsewhere"))
        #expect(await refusal { try await world.apply(shown) } != nil)
        let writer = FixWriter(folder: try AssessedFolder(root))
        let change = FileChange(path: "real/main.tf", before: Array(Self.flawed.utf8), after: Array(Self.fixed.utf8))
        #expect(throws: GatehouseError.self) { try writer.write([change]) }
        #expect(try world.tree.text("../elsewhere/main.tf") == Self.flawed)
    }

    @Test func readOnlyFilesStay() async throws {
        let world = try World(["main.tf": Self.flawed])
        chmod(world.root + "/main.tf", 0o444)
        let shown = try await world.fixes()
        #expect(await refusal { _ = try await world.preview(shown) }?.contains("read-only") == true)
        #expect(await refusal { try await world.apply(shown) }?.contains("read-only") == true)
        #expect(try world.tree.text("main.tf") == Self.flawed)
    }

    @Test func allFilesOrNone() async throws {
        let world = try World(["a/main.tf": Self.flawed, "b/main.tf": Self.flawed])
        let shown = try await world.fixes()
        chmod(world.root + "/b/main.tf", 0o444)
        #expect(await refusal { try await world.apply(shown) } != nil)
        #expect(try world.tree.text("a/main.tf") == Self.flawed)
        #expect(try FileManager.default.contentsOfDirectory(atPath: world.root + "/a") == ["main.tf"])
    }

    @Test func oddBytesStayAsTheyAre() async throws {
        let latin: [UInt8] = Array("# caf".utf8) + [0xE9, 0x0D, 0x0A] + Array("FROM a:1\r\nADD a /a".utf8)
        let world = try World()
        try world.tree.write("x/Dockerfile", latin)
        try world.tree.write("y/Dockerfile", "FROM a:1\r\nADD a /a\r\nRUN apt install a=1")
        try world.tree.write("z/requirements.txt", Array("django==4.2.1".utf8) + [0])
        try await world.advise([("A-1", "PyPI", "django", "4.2.5")])
        let shown = try await world.fixes(["docker-add-instead-of-copy", "docker-apt-command", "docker-root", "A-1"])
        try await world.apply(shown)
        #expect(try world.tree.bytes("x/Dockerfile") == latin)
        #expect(
            try world.tree.text("y/Dockerfile")
                == "FROM a:1\r\nCOPY a /a\r\nRUN apt-get install --no-install-recommends a=1\r\nUSER 65532:65532")
    }

    @Test func hugeFilesAreNotChanged() async throws {
        let world = try World()
        try world.tree.write("main.tf", Self.flawed + String(repeating: "# filler\n", count: 500_000))
        let shown = try await world.fixes(["aws-keys-rotation"])
        #expect(shown["fixes"] == [])
        #expect(shown["not_fixed"]?[0]?["reason"]?.string?.contains("bytes") == true)
    }

    @Test func callersFromElsewhereKeepToTheRoots() async throws {
        let world = try World(["main.tf": Self.flawed])
        #expect(await refusal { _ = try await world.fixes(isLocal: false) }?.contains("assess.roots") == true)
        world.roots.folders = [world.root]
        let shown = try await world.fixes(isLocal: false)
        #expect(shown["fixes"]?.array?.count == 1)
    }

    @Test func aCommentThatAcceptsAFindingKeepsItFromBeingFixed() async throws {
        let world = try World([
            "main.tf": "# gatehouse:allow aws-keys-rotation it signs\nresource \"aws_kms_key\" \"k\" {\n}\n"
        ])
        let shown = try await world.fixes(["aws-keys-rotation"])
        #expect(shown["fixes"] == [] && shown["not_fixed"] == [])
    }

    // MARK: - Branches

    @Test func aBranchLeavesTheFolderAsItIs() async throws {
        let world = try World(["sub/main.tf": Self.flawed, "b.txt": "b\n"])
        try world.tree.commit("first")
        // A hook that would tell of itself.
        try world.tree.write(
            ".git/hooks/reference-transaction", "#!/bin/sh\ntouch \"\(world.scratch.file("hooked"))\"\n")
        chmod(world.root + "/.git/hooks/reference-transaction", 0o755)
        try world.tree.write("b.txt", "b, changed\n")
        let shown = try await world.fixes()
        let preview = try await world.preview(shown, branch: "fixes/keys")
        let answer = try await world.apply(shown, branch: "fixes/keys")
        #expect(
            answer["commit"]?.string
                == (try world.tree.git("rev-parse", "fixes/keys")).trimmingCharacters(in: .whitespacesAndNewlines))
        #expect(try world.tree.git("show", "fixes/keys:sub/main.tf") == Self.fixed)
        #expect(try world.tree.git("diff", "--name-only", "main", "fixes/keys") == "sub/main.tf\n")
        #expect(try world.tree.git("status", "--porcelain") == " M b.txt\n")
        #expect(try world.tree.text("sub/main.tf") == Self.flawed)
        #expect(answer["title"]?.string?.isEmpty == false && answer["body"]?.string?.contains("takes away") == true)
        #expect(await refusal { try await world.apply(shown, branch: "fixes/keys") }?.contains("already") == true)
        try await world.undo(try #require(preview.undo))
        #expect(try world.tree.git("branch", "--list", "fixes/*").isEmpty)
        #expect(!FileManager.default.fileExists(atPath: world.scratch.file("hooked")))
    }

    @Test func whatIsNotCommittedGoesOnNoBranch() async throws {
        let world = try World(["main.tf": "# a\n" + Self.flawed])
        try world.tree.commit("first")
        try world.tree.write("main.tf", Self.flawed)
        let shown = try await world.fixes()
        #expect(await refusal { try await world.apply(shown, branch: "x") }?.contains("not committed") == true)
        #expect(
            await refusal { try await world.apply(shown, branch: "a..b") }?.contains("no name for a branch") == true)
        #expect(
            await refusal { try await world.apply(shown, branch: "--force") }?.contains("no name for a branch") == true)
    }
}
