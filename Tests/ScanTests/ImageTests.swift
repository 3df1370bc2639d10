import Core
import Formats
import JSON
import Privacy
import Risk
import Subprocess
import TestSupport
import Testing

@testable import Scan

/// Container images as `docker save` and OCI layouts have them, made by Python's own modules.
@Suite struct ImageTests {
    private static let program = """
        import gzip, hashlib, io, json, os, sys, tarfile, zipfile
        root, key, other = sys.argv[1], sys.argv[2].encode(), sys.argv[3].encode()
        os.chdir(root)
        def tarred(files):
            out = io.BytesIO()
            with tarfile.open(fileobj=out, mode="w") as t:
                for name, data in files:
                    info = tarfile.TarInfo(name)
                    if name.endswith("/"): info.type = tarfile.DIRTYPE
                    elif isinstance(data, tuple): info.type, info.linkname = data
                    else: info.size = len(data)
                    t.addfile(info, io.BytesIO(data) if isinstance(data, bytes) else None)
            return out.getvalue()
        def jar(files):
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
                for name, data in files: z.writestr(name, data)
            return out.getvalue()
        def digest(data): return "sha256:" + hashlib.sha256(data).hexdigest()
        blobs = {}
        def blob(data):
            name = digest(data); blobs["blobs/sha256/" + name[7:]] = data; return name
        def image(layers, env=()):
            config = blob(json.dumps({"config": {"Env": list(env)}, "rootfs": {"diff_ids": []}}).encode())
            body = {"schemaVersion": 2, "config": {"digest": config}, "layers": [{"digest": blob(l)} for l in layers]}
            return blob(json.dumps(body).encode())
        def layout(manifests):
            index = {"schemaVersion": 2, "manifests": manifests}
            return {"oci-layout": b'{"imageLayoutVersion":"1.0.0"}', "index.json": json.dumps(index).encode(), **blobs}
        def save(name, files): open(name, "wb").write(tarred(sorted(files.items())))
        def folder(name, files):
            for path, data in files.items():
                full = os.path.join(name, path)
                os.makedirs(os.path.dirname(full), exist_ok=True)
                open(full, "wb").write(data)
        release = b'ID=alpine\\nVERSION_ID=3.19.1\\n'
        def apk(*packages): return b"".join(b"P:%s\\nV:%s\\nL:%s\\n\\n" % p for p in packages)

        """

    private static func assess(_ name: String, _ made: String, _ limits: AssessmentLimits = .standard) async throws
        -> Assessment
    {
        let (tree, state) = (TestTree(), ScratchFolder())
        let result = try await Python.run(program + made, tree.root, Fake.awsKey, Fake.otherKey)
        try #require(result.terminationStatus.isSuccess, "\(result.standardError)")
        let scanner = DependencyScanner(
            advisories: AdvisoryDatabase(path: state.file("a.db")), threats: ThreatDatabase(path: state.file("t.db")))
        let assessor = Assessor(
            scanners: [SecretScanner(try SecretDetector())], trees: [scanner, InfrastructureScanner()])
        return try await assessor.assess(AssessmentRequest(.path(tree.root + "/" + name), limits: limits))
    }

    private static func packages(_ assessment: Assessment) -> [String] {
        assessment.dependencies.flatMap { file in
            file.dependencies.map { "\($0.ecosystem) \($0.name) \($0.version) \(file.path)" }
        }.sorted()
    }

    private static func gaps(_ assessment: Assessment) -> [String] {
        assessment.unchecked.filter { $0.reason != .feed }.map { "\($0.path): \($0.reason.rawValue): \($0.detail)" }
    }

    private static let layered = """
        lower = tarred([("etc/", None), ("etc/os-release", (tarfile.SYMTYPE, "../usr/lib/os-release")),
            ("usr/lib/os-release", release), ("lib/apk/db/installed", apk((b"musl", b"1.2.4-r1", b"MIT"))),
            ("app/.env", b"KEY=" + key + b"\\n"), ("old/package-lock.json", b'{"lockfileVersion":3,"packages":'
            b'{"node_modules/gone":{"version":"1.0.0"}}}'),
            ("opaque/node_modules/hidden/package.json", b'{"name":"hidden","version":"1.0.0"}')])
        upper = tarred([("app/.wh..env", b""), (".wh.old", b""), ("opaque/.wh..wh..opq", b""),
            ("opaque/node_modules/seen/package.json", b'{"name":"seen","version":"2.0.0","license":"MIT"}'),
            ("lib/apk/db/installed", apk((b"musl", b"1.2.4-r2", b"MIT"), (b"zlib", b"1.3-r0", b"Zlib"))),
            ("usr/lib/python3.12/site-packages/six-1.16.0.dist-info/METADATA", b"Name: six\\nVersion: 1.16.0\\n\\n"),
            ("app/app.jar", jar([("META-INF/maven/org.g/a/pom.properties", b"groupId=org.g\\nartifactId=a\\nversion=1.0\\n"),
                ("BOOT-INF/lib/b.jar", jar([("META-INF/maven/org.g/b/pom.properties",
                b"#x\\nversion=2.0\\r\\ngroupId=org.g\\r\\nartifactId=b\\r\\n")]))]))])

        """

    private static let wanted = [
        "Alpine:v3.19 musl 1.2.4-r2 lib/apk/db/installed", "Alpine:v3.19 zlib 1.3-r0 lib/apk/db/installed",
        "Maven org.g:a 1.0 app/app.jar", "Maven org.g:b 2.0 app/app.jar",
        "PyPI six 1.16.0 usr/lib/python3.12/site-packages/six-1.16.0.dist-info/METADATA",
        "npm seen 2.0.0 opaque/node_modules/seen/package.json",
    ]

    @Test(arguments: [
        "save('i.tar', layout([{'digest': image([gzip.compress(lower), upper])}]))",
        "folder('i.tar', layout([{'digest': image([lower, gzip.compress(upper)])}]))",
        """
        config = json.dumps({"rootfs": {"diff_ids": [digest(lower), digest(upper)]}}).encode()
        save('i.tar', {"c.json": config, "l/layer.tar": lower, "u/layer.tar": upper, "manifest.json": json.dumps(
            [{"Config": "c.json", "RepoTags": ["a:1"], "Layers": ["l/layer.tar", "u/layer.tar"]}]).encode()})
        """,
        """
        config = b"{}"
        save('i.tar', {"c.json": config, "l/layer.tar": lower, "u/layer.tar": (tarfile.SYMTYPE, "../v/layer.tar"),
            "v/layer.tar": upper, "manifest.json": json.dumps(
            [{"Config": "c.json", "RepoTags": None, "Layers": ["l/layer.tar", "u/layer.tar"]}]).encode()})
        """,
    ])
    func whatAnImageHoldsIsRead(_ made: String) async throws {
        let assessment = try await Self.assess("i.tar", Self.layered + made)
        #expect(assessment.listing == .image)
        #expect(Self.packages(assessment) == Self.wanted)
        #expect(Self.gaps(assessment).isEmpty, "\(Self.gaps(assessment))")
        let secret = try #require(assessment.findings.first)
        #expect(assessment.findings.count == 1)
        #expect(secret.path == "app/.env")
        #expect(secret.details?["removed"] == true)
        #expect(secret.snippet.contains("removed by a later layer"))
        #expect(secret.details?["layer"]?.string?.isEmpty == false)
        #expect(assessment.dependencies.allSatisfy { $0.layer != nil })
        let again = try AssessmentDocument.parse(AssessmentDocument.json(assessment))
        #expect(again.dependencies == assessment.dependencies)
    }

    @Test func imagesOfSeveralPlatformsAreToldApart() async throws {
        let assessment = try await Self.assess(
            "i.tar",
            Self.layered + """
                a, b = image([lower]), image([lower, upper], ["TOKEN=" + other.decode()])
                inner = blob(json.dumps({"manifests": [
                    {"digest": a, "platform": {"os": "linux", "architecture": "arm64"}},
                    {"digest": b, "platform": {"os": "linux", "architecture": "amd64"}},
                    {"digest": a, "platform": {"os": "unknown", "architecture": "unknown"}}]}).encode())
                save('i.tar', layout([{"digest": inner, "mediaType": "application/vnd.oci.image.index.v1+json"}]))
                """)
        let places = Set(assessment.dependencies.map { $0.path.prefix { $0 != "!" } })
        #expect(places == ["linux/arm64", "linux/amd64"])
        #expect(assessment.findings.map(\.path).contains("linux/amd64!/image configuration"))
        #expect(
            assessment.findings.filter { $0.path == "linux/arm64!/app/.env" }.map { $0.details?["removed"] } == [false])
        #expect(Self.packages(assessment).contains("Alpine:v3.19 musl 1.2.4-r1 linux/arm64!/lib/apk/db/installed"))
    }

    /// What cannot be read is said with its layer, and the rest goes on.
    @Test(arguments: [
        ("upper = b'\\x28\\xb5\\x2f\\xfd' + bytes(600)", "zstd"), ("upper = gzip.compress(upper)[:-300]", "too early"),
        ("upper = upper[:1000]", "cut short"), ("upper = b'x' * 2000", "no tar"),
        ("upper = tarred([('a/../../etc/passwd', b'x')])", "leads out of the image"),
        (
            "upper = tarred([('lib/apk/db/installed', (tarfile.LNKTYPE, 'x'))])",
            "is a hard link within the image, which is not followed"
        ),
    ])
    func whatCannotBeReadIsSaid(_ change: String, _ words: String) async throws {
        let assessment = try await Self.assess(
            "i.tar", Self.layered + change + "\nsave('i.tar', layout([{'digest': image([lower, upper])}]))")
        #expect(Self.gaps(assessment).contains { $0.contains(words) }, "\(Self.gaps(assessment))")
        #expect(assessment.findings.contains { $0.path == "app/.env" })
    }

    @Test func changedAndMissingPartsAreSaid() async throws {
        let made = """
            m = image([lower, upper])
            files = layout([{'digest': m}])
            name = "blobs/sha256/" + digest(lower)[7:]
            """
        let changed = try await Self.assess(
            "i.tar",
            Self.layered + made + "\nfiles[name] = lower.replace(b'1.2.4-r1', b'1.2.4-r0')\nsave('i.tar', files)")
        #expect(Self.gaps(changed).contains { $0.contains("not what its digest says") }, "\(Self.gaps(changed))")
        let missing = try await Self.assess("i.tar", Self.layered + made + "\ndel files[name]\nsave('i.tar', files)")
        #expect(Self.gaps(missing).contains { $0.contains("is not in the image") }, "\(Self.gaps(missing))")
        #expect(Self.packages(missing).contains { $0.contains("org.g:b") })
        let odd = try await Self.assess(
            "i.tar", Self.layered + "save('i.tar', layout([{'digest': 'sha256:../../../etc/passwd'}, {'digest': 5}]))")
        #expect(Self.gaps(odd).contains { $0.contains("no digest that is known") })
        #expect(Self.gaps(odd).contains { $0.contains("no image was found") })
    }

    @Test func boundsHold() async throws {
        var limits = AssessmentLimits.standard
        limits.imageBytes = 1 << 20
        let bomb =
            "\nupper = gzip.compress(tarred([('z', bytes(64 << 20))]))\nsave('i.tar', layout([{'digest': image([lower, upper])}]))"
        let bytes = try await Self.assess("i.tar", Self.layered + bomb, limits)
        #expect(Self.gaps(bytes).contains { $0.contains("up to 1048576 bytes") }, "\(Self.gaps(bytes))")
        limits = .standard
        limits.imageEntries = 3
        let entries = try await Self.assess(
            "i.tar", Self.layered + "save('i.tar', layout([{'digest': image([lower, upper])}]))", limits)
        #expect(Self.gaps(entries).contains { $0.contains("up to 3 entries") }, "\(Self.gaps(entries))")
    }

    /// A tar that is no image is looked into as an archive.
    @Test func otherTarsAreArchives() async throws {
        let assessment = try await Self.assess("x.tar", "save('x.tar', {'a.env': b'K=' + key})")
        #expect(assessment.listing == .folder)
        #expect(assessment.findings.map(\.path) == ["x.tar!/a.env"])
    }
}
