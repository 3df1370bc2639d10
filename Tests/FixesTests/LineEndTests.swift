import Testing

@testable import Scan

/// What is to be fixed has to be found first, whichever system wrote the file.
@Suite struct LineEndTests {
    @Test(arguments: [
        ("requirements.txt", "# web\nDjango==4.2.1 \\\n  --hash=sha256:00\nsix==1.16.0\n"),
        ("go.mod", "module m\n\ngo 1.22\n\nrequire (\n\texample.org/a v1.2.0 // indirect\n)\n"),
        ("Gemfile.lock", "GEM\n  specs:\n    a (1.2.0)\n      b\n    b (1.0)\n\nDEPENDENCIES\n  a\n"),
        ("gradle.lockfile", "# made\norg.a:b:2.0.0=compileClasspath\nempty=\n"),
        ("poetry.lock", "[[package]]\nname = \"django\"\nversion = \"4.2.1\"\n"),
        ("Cargo.lock", "[[package]]\nname = \"a\"\nversion = \"0.2.1\"\nsource = \"registry+x\"\n"),
    ])
    func lockfilesAreReadWithBoth(path: String, text: String) throws {
        let format = try #require(LockfileFormat.of(path))
        let plain = try format.read(Array(text.utf8))
        let windows = try format.read(Array(text.replacing("\n", with: "\r\n").utf8))
        #expect(!plain.dependencies.isEmpty)
        #expect(windows.dependencies == plain.dependencies)
        #expect(windows.gaps == plain.gaps)
    }
}
