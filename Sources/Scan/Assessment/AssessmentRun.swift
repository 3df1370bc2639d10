import Core
import Gate

/// One assessment from its start to its end.
struct AssessmentRun: Sendable {
    let request: AssessmentRequest
    private(set) var scanners: [any ContentScanner]
    private(set) var trees: [any TreeScanner]
    let tools: ExternalTools
    /// Nil where code is not looked at.
    let code: CodeScanner?
    let clock: any WallClock
    let report: Assessor.Report
    var verifier = SecretVerifier()

    var limits: AssessmentLimits { request.limits }

    /// What is known of the place before its files are.
    struct Subject {
        var identity: String
        var target: String
        var repository: GitRepository?
        var listing: Assessment.Listing
        var scope = Assessment.Scope.whole
    }

    init(
        request: AssessmentRequest, scanners: [any ContentScanner], trees: [any TreeScanner],
        code: CodeScanner? = nil, tools: ExternalTools = ExternalTools(), clock: any WallClock,
        report: @escaping Assessor.Report
    ) {
        self.code = code
        self.tools = tools
        self.request = request
        self.scanners = scanners
        self.trees = trees
        self.clock = clock
        self.report = report
        if request.verifies { self.scanners = scanners.map { $0.keepingValues(of: SecretIssuer.rules) } }
    }

    /// Looks for these rules too.
    /// - Throws: `invalid` where they do not go together with those that it has.
    mutating func add(_ own: OwnRules) throws(GatehouseError) {
        guard !own.isEmpty else { return }
        var extended: [any ContentScanner] = []
        for scanner in scanners { extended.append(try scanner.adding(own)) }
        scanners = extended
    }

    func assess(folder path: String) async throws -> Assessment {
        let started = clock.now()
        if request.scope == .whole, let image = try ImageStore.open(path) {
            return try await assess(image, path, started)
        }
        let (reader, only) = try open(path)
        var tally = Tally()
        var run = self
        do {
            try run.add(RepositoryRules.load(reader, &tally))
        } catch {
            tally.note(Array(RepositoryRules.folder.utf8), .rules, error.message)
        }
        await run.hear(reader, only, named: path, &tally)
        return try await run.assess(reader, only, path, started, tally)
    }

    /// Lets other tools look at the folder, and takes what they and given reports say for what is to be judged.
    private mutating func hear(_ reader: TreeReader, _ only: [UInt8]?, named path: String, _ tally: inout Tally) async {
        var reports = request.reports
        if !request.tools.isEmpty, request.scope != .whole {
            refuseTools("they look at a whole folder, and only a part of it was asked for", &tally)
        } else {
            let target = reader.root + (only.map { "/" + String(decoding: $0, as: UTF8.self) } ?? "")
            for name in request.tools {
                show("running \(name)", 0)
                switch await tools.run(name, on: target) {
                case .success(let report): reports.append(report)
                case .failure(let error): tally.note([], .tool, "\(name) \(error.detail)")
                }
            }
        }
        listen(to: reports, roots: [reader.root, path])
    }

    private func refuseTools(_ why: String, _ tally: inout Tally) {
        for name in request.tools { tally.note([], .tool, "\(name) was not run: \(why)") }
    }

    private mutating func listen(to reports: [ToolReport], roots: [String]) {
        guard !reports.isEmpty else { return }
        trees.append(ReportScanner(reports, roots: roots, scanners: scanners, isPart: request.scope != .whole))
    }

    private func assess(
        _ reader: TreeReader, _ only: [UInt8]?, _ path: String, _ started: Timestamp, _ noted: Tally
    ) async throws -> Assessment {
        var tally = noted
        let repository = await findRepository(reader.root, &tally)
        let ignore = ignoreRules(reader)
        var listing = Assessment.Listing.folder
        var scope = Assessment.Scope.whole
        var past: Tally?
        if request.scope != .whole {
            (scope, past) = try await scanPart(of: only == nil ? repository : nil, ignore, &tally)
            listing = .git
        } else if let only {
            tally.merge(
                FileScan(reader: reader, scanners: scanners, trees: trees, code: code, limits: limits).run([only]),
                limits: limits)
        } else if let repository, repository.isBare {
            try await scanCommit(of: repository, &tally)
            if !request.tools.isEmpty { refuseTools("nothing is checked out of a bare repository", &tally) }
            listing = .commit
        } else if repository != nil, try await scanWorkTree(reader, ignore, &tally) {
            listing = .git
        } else {
            try await scanFolder(reader, ignore, &tally)
        }
        if request.history, scope == .whole { past = try await scanHistory(of: repository, ignore, &tally) }
        var identity = repository?.identity ?? reader.root
        if let only { identity += (repository == nil ? "/" : "//") + Printable.text(only) }
        let subject = Subject(
            identity: identity, target: path, repository: repository, listing: listing, scope: scope)
        return try await assessment(subject, started, tally, past, folder: reader.root)
    }

    func assess(clone folder: String, of url: GitURL) async throws -> Assessment {
        var run = self
        run.listen(to: request.reports, roots: [])
        return try await run.assessClone(folder, of: url)
    }

    private func assessClone(_ folder: String, of url: GitURL) async throws -> Assessment {
        let started = clock.now()
        var tally = Tally()
        refuseTools("nothing is checked out of what is at an address; give a folder, or their reports", &tally)
        var repository = await findRepository(folder, &tally)
        repository?.remote = url.address
        var past: Tally?
        var scope = Assessment.Scope.whole
        if request.scope != .whole {
            (scope, past) = try await scanPart(of: repository, nil, &tally)
        } else {
            if let repository { try await scanCommit(of: repository, &tally) }
            if request.history { past = try await scanHistory(of: repository, nil, &tally) }
        }
        let subject = Subject(
            identity: url.address, target: url.address, repository: repository, listing: .commit, scope: scope)
        return try await assessment(subject, started, tally, past, folder: folder)
    }

    // MARK: - The tree

    /// A reader for the folder; for a single file, one for the folder that it is in and its name.
    private func open(_ path: String) throws(GatehouseError) -> (TreeReader, only: [UInt8]?) {
        do {
            return (try TreeReader(root: path), nil)
        } catch {
            guard error.code == .notFound, let slash = path.lastIndex(of: "/") else { throw error }
            let name = Array(path[path.index(after: slash)...].utf8)
            guard !name.isEmpty,
                let reader = try? TreeReader(root: slash == path.startIndex ? "/" : String(path[..<slash])),
                case .descriptor(let file) = reader.open(name[...])
            else { throw error }
            TreeReader.close(file)
            return (reader, name)
        }
    }

    private func ignoreRules(_ reader: TreeReader) -> IgnoreRules? {
        guard case .descriptor(let file) = reader.open(Array(".gatehouseignore".utf8)[...]) else { return nil }
        return FolderWalk.rules(file)
    }

    private func findRepository(_ root: String, _ tally: inout Tally) async -> GitRepository? {
        do {
            return try await GitRepository.find(at: root, git: Git())
        } catch {
            let hasGit = (try? TreeReader(root: root + "/.git")) != nil
            if hasGit || request.history { tally.note([], .git, "listed without git: \(words(error))") }
            return nil
        }
    }

    /// False when git gave out before it had listed anything, so that the folder is walked instead.
    private func scanWorkTree(_ reader: TreeReader, _ ignore: IgnoreRules?, _ tally: inout Tally) async throws -> Bool {
        let scan = FileScan(reader: reader, scanners: scanners, trees: trees, code: code, limits: limits)
        var handed = 0
        var skips = Inventory()
        var failure: String?
        let total = GitIndex.fileCount(reader)
        try await fanOut(
            width: limits.width, into: &tally, work: { scan.run($0) }, merge: { collect(&$0, $1, of: total) },
            produce: { hand in
                do {
                    try await Git().listWorkTree(reader.root, ignoring: ignore, skipped: { skips.skip($0) }) { batch in
                        handed += batch.count
                        try await hand(batch)
                    }
                } catch let error as GatehouseError {
                    failure = error.description
                }
            })
        tally.inventory.merge(skips)
        guard let failure else { return true }
        tally.note([], .git, handed == 0 ? "listed without git: \(failure)" : "git did not list every file: \(failure)")
        return handed > 0
    }

    private func scanFolder(_ reader: TreeReader, _ ignore: IgnoreRules?, _ tally: inout Tally) async throws {
        let scan = FileScan(reader: reader, scanners: scanners, trees: trees, code: code, limits: limits)
        let walk = FolderWalk(reader, also: ignore)
        var aside = Tally()
        try await fanOut(
            width: limits.width, into: &tally, work: { scan.run($0) }, merge: { collect(&$0, $1) },
            produce: { hand in
                var batch: [[UInt8]] = []
                while let step = walk.next() {
                    guard let path = Self.file(step, &aside) else { continue }
                    batch.append(path)
                    if batch.count == FileScan.batch {
                        try await hand(batch)
                        batch = []
                    }
                }
                if !batch.isEmpty { try await hand(batch) }
            })
        aside.inventory.skip(.ignored, walk.ignored)
        tally.merge(aside, limits: limits)
    }

    /// The files of the newest commit, where none are checked out.
    private func scanCommit(of repository: GitRepository, _ tally: inout Tally) async throws {
        guard let head = repository.head else { return tally.note([], .git, "the repository has no commit") }
        let scan = BlobScan(
            git: Git(), folder: repository.root, scanners: scanners, trees: trees, code: code, limits: limits,
            ignore: nil)
        tally.merge(try await scan.run(.tree(commit: head)) { show("reading files", $0) }, limits: limits)
    }

    private static func file(_ step: FolderWalk.Step, _ aside: inout Tally) -> [UInt8]? {
        switch step {
        case .file(let path): return path
        case .symlink: aside.inventory.skip(.symlink)
        case .special: aside.inventory.skip(.special)
        case .unreadable(let path, let error): aside.note(path, .unreadable, TreeReader.words(for: error))
        case .tooDeep(let path):
            aside.note(path, .tooDeep, "folders are followed \(FolderWalk.maximumDepth) levels down")
        }
        return nil
    }

    private func collect(_ tally: inout Tally, _ output: Tally, of total: Int? = nil) {
        tally.merge(output, limits: limits)
        show("reading files", tally.seen, of: total)
    }

    func show(_ stage: String, _ done: Int, of total: Int? = nil) {
        report(Progress(stage: stage, done: done, total: total.map { max($0, done) }))
    }

    // MARK: - The history

    func scanHistory(
        of repository: GitRepository?, _ ignore: IgnoreRules?, _ tally: inout Tally, _ listing: BlobListing = .history
    ) async throws -> Tally? {
        guard let repository else {
            tally.note([], .git, "no history was looked through: this is no git repository that git can read")
            return nil
        }
        if repository.isShallow { tally.note([], .git, "the history is cut off: the repository is a shallow clone") }
        if !repository.prefix.isEmpty {
            tally.note(
                [], .git,
                "the history of a part of a repository is not looked through; assess \(repository.root)'s top folder")
            return nil
        }
        let scan = BlobScan(git: Git(), folder: repository.root, scanners: scanners, limits: limits, ignore: ignore)
        do {
            return try await scan.run(listing) { show("reading history", $0) }
        } catch let error as GatehouseError {
            tally.note([], .git, "the history was not looked through: \(error.description)")
            return nil
        }
    }

    // MARK: - The result

    func assessment(
        _ subject: Subject, _ started: Timestamp, _ tree: Tally, _ past: Tally?, folder: String
    ) async throws -> Assessment {
        var tally = tree
        let judged = await judge(&tally)
        show("weighing findings", tally.seen)
        var past = past
        if request.verifies { try await verify(&tally, &past) }
        var builder = FindingsBuilder(baseline: request.baseline, time: started)
        builder.add(tree: tally.hits)
        if let past {
            builder.add(history: past.hits, commits: await firstCommits(past, folder, &tally))
            tally.uncheckedCount += past.uncheckedCount
            tally.unchecked += past.unchecked.prefix(max(0, limits.unchecked - tally.unchecked.count))
        }
        tally.inventory.sort()
        let findings = builder.findings()
        return Assessment(
            id: Identifier.make("asm", at: started), repository: subject.identity, target: subject.target,
            commit: subject.repository?.head, branch: subject.repository?.branch, listing: subject.listing,
            scope: subject.scope, history: past.map { .init(blobs: $0.seen, bytes: $0.bytes) }, started: started,
            finished: clock.now(),
            inventory: tally.inventory, findings: Array(findings.prefix(limits.findings)),
            findingsCut: tally.droppedHits + (past?.droppedHits ?? 0) + max(0, findings.count - limits.findings),
            unchecked: tally.unchecked.sorted { ($0.path, $0.reason.rawValue) < ($1.path, $1.reason.rawValue) },
            uncheckedCount: tally.uncheckedCount, rules: rules,
            dependencies: judged.dependencies, feeds: judged.feeds, tools: judged.tools)
    }

    /// How many are looked for, but for what scanners of whole files count.
    private var rules: Int {
        scanners.reduce(0) { $0 + $1.rules.count } + (code == nil ? 0 : CodeScanner.rules.count)
    }

    /// Lets those that read whole files judge them, now that all are there. One that fails is said.
    private func judge(_ tally: inout Tally) async -> TreeOutcome {
        var sum = TreeOutcome()
        for scanner in trees {
            // What is not imported by a part of the code may be by the rest.
            let files = scanner.own(tally.wholes).filter {
                request.scope.holdsWholeTree || !SourceUses.isOne($0.bytes)
            }
            guard !files.isEmpty || scanner.isAlwaysAsked else { continue }
            show("\(scanner.id)", 0, of: files.count)
            let outcome = await scanner.scan(files, limits: limits)
            var found = Tally()
            for file in outcome.hits { found.add(file) }
            for place in outcome.unchecked { found.note(place) }
            tally.merge(found, limits: limits)
            sum.dependencies += outcome.dependencies
            sum.feeds += outcome.feeds
            sum.tools += outcome.tools
        }
        tally.wholes = []
        return sum
    }

    private func firstCommits(_ past: Tally, _ folder: String, _ tally: inout Tally) async -> [String: FirstCommits
        .Entry]
    {
        let blobs = Set(past.hits.joined().compactMap(\.blob))
        do {
            return try await FirstCommits.find(blobs, in: folder, git: Git(), timeout: limits.gitTimeout)
        } catch {
            tally.note([], .git, "commits could not be told: \(words(error))")
            return [:]
        }
    }

    private func words(_ error: any Error) -> String { String(describing: error) }
}
