extension ThreatRule {
    /// Every rule, by kind of threat. See docs/threats.md.
    public static let all: [ThreatRule] = spoofing + tampering + repudiation + disclosure + denial + elevation

    private static let processes = Scope.elements([.process])
    private static let stores = Scope.elements([.store])
    private static let both = Scope.elements([.process, .store])

    private static let spoofing: [ThreatRule] = [
        ThreatRule(
            id: "T-ROUTE-OPEN", stride: .spoofing, title: "Requests are served without asking who sends them",
            rationale: "Whoever can send a request acts as anybody, where the route does not ask for a sign-in.",
            mitigations: ["ask for a sign-in on each route but those meant for strangers", "deny by default"],
            links: ["CWE-306", "CAPEC-115", "NIST-800-53:IA-2"], scope: processes,
            open: [.unguardedWrite, .unauthenticated], mitigated: [.guarded], asked: [.servesRoutes]),
        ThreatRule(
            id: "T-STORE-PASSWORD", stride: .spoofing, title: "A store lets in whoever reaches it",
            rationale: "Without a password, each process on the network is taken for its owner.",
            mitigations: ["set a password from a store of secrets", "keep the network to those that need it"],
            links: ["CWE-306", "CAPEC-115", "NIST-800-53:IA-5"], scope: stores, open: [.noPassword],
            mitigated: [.asksPassword]),
        ThreatRule(
            id: "T-SECRET-IN-TEXT", reach: .copy, stride: .spoofing, title: "A secret stands in the repository",
            rationale: "Whoever reads the repository or a copy of it can pose as what the secret belongs to.",
            mitigations: ["revoke it and issue another", "take it from a store of secrets when it is needed"],
            links: ["CWE-798", "CAPEC-191", "NIST-800-53:IA-5"], scope: both, open: [.secretInText],
            mitigated: [.secretStore]),
        ThreatRule(
            id: "T-ADMIN-PORT", stride: .spoofing, title: "A port for administration is open to the internet",
            rationale: "Passwords and keys of administration can be guessed and replayed from everywhere.",
            mitigations: ["allow named networks only", "go through a bastion or a session manager"],
            links: ["CWE-284", "CAPEC-49", "NIST-800-53:SC-7"], scope: both, open: [.adminPort]),
        ThreatRule(
            id: "T-CSRF", stride: .spoofing, title: "Another site sends requests in the name of who is signed in",
            rationale: "A browser sends cookies along, so that a page elsewhere can change things here.",
            mitigations: ["check a token with each change", "cookies with SameSite"],
            links: ["CWE-352", "CAPEC-62"], scope: processes, open: [.exemptFromCSRF], mitigated: [.checksCSRF]),
    ]

    private static let tampering: [ThreatRule] = [
        ThreatRule(
            id: "T-QUERY-INJECTION", stride: .tampering, title: "A request changes what a query says",
            rationale: "Text from a request becomes part of a query, and reads or changes what it likes.",
            mitigations: ["pass values as parameters"], links: ["CWE-89", "CAPEC-66", "NIST-800-53:SI-10"],
            scope: processes, open: [.queryInjection]),
        ThreatRule(
            id: "T-CI-SUPPLY", reach: .copy, stride: .tampering,
            title: "Steps of the pipeline can be replaced by their owners",
            rationale: "A tag or branch of an action may be moved to other code, which runs with what the job holds.",
            mitigations: ["pin actions to commits", "review updates of the pins"],
            links: ["CWE-829", "CAPEC-538", "NIST-800-53:SR-3"], scope: processes, open: [.loosePin],
            mitigated: [.pinned]),
    ]

    private static let repudiation: [ThreatRule] = [
        ThreatRule(
            id: "T-NOT-LOGGED", reach: .aftermath, stride: .repudiation, title: "Nobody can tell later who did what",
            rationale: "Without a log of access, misuse is neither seen nor proven.",
            mitigations: ["keep logs of access where who is logged cannot change them"],
            links: ["CWE-778", "CAPEC-268", "NIST-800-53:AU-2"], scope: both, open: [.notLogged], mitigated: [.logged])
    ]

    private static let disclosure: [ThreatRule] = [
        ThreatRule(
            id: "T-TRANSIT", stride: .disclosure, title: "What is sent can be read and changed on the way",
            rationale: "The flow crosses a boundary of trust, and is readable for whoever stands between.",
            mitigations: ["TLS 1.2 or newer, with certificates that are checked"],
            links: ["CWE-319", "CAPEC-94", "NIST-800-53:SC-8"], scope: .flows, open: [.plainInTransit],
            mitigated: [.encryptedInTransit], asked: [.isPublic]),
        ThreatRule(
            id: "T-AT-REST", reach: .copy, stride: .disclosure,
            title: "Stored data can be read off the disk or a snapshot",
            rationale: "What is not encrypted is readable for whoever gets a copy of the storage.",
            mitigations: ["encrypt with a key of one's own"], links: ["CWE-311", "CAPEC-37", "NIST-800-53:SC-28"],
            scope: both, open: [.plainAtRest], mitigated: [.encryptedAtRest], asked: [.personalData]),
        ThreatRule(
            id: "T-STORE-PUBLIC", stride: .disclosure, title: "Strangers can read what is stored",
            rationale: "Access is granted to everyone, so that nothing but the address keeps data secret.",
            mitigations: ["block public access", "name who may read"],
            links: ["CWE-732", "CAPEC-150", "NIST-800-53:AC-3"], scope: stores, open: [.publiclyReadable],
            mitigated: [.notPublic]),
        ThreatRule(
            id: "T-STORE-REACHED", stride: .disclosure, title: "A store can be reached from the internet",
            rationale: "Only a password stands between strangers and the data, and each flaw of the store is theirs.",
            mitigations: ["keep stores in a private network", "publish ports on the loopback address only"],
            links: ["CWE-668", "CAPEC-300", "NIST-800-53:SC-7"], scope: stores, open: [.reachableFromAnywhere],
            mitigated: [.privateNetwork]),
        ThreatRule(
            id: "T-PATH", stride: .disclosure, title: "A request names the file that is read or written",
            rationale: "A path from a request leads out of the folder that was meant.",
            mitigations: ["look files up by an id", "resolve the path and check that it is within the folder"],
            links: ["CWE-22", "CAPEC-126", "NIST-800-53:SI-10"], scope: processes, open: [.pathTraversal]),
        ThreatRule(
            id: "T-REQUEST-FORGERY", stride: .disclosure, title: "A request chooses where the server sends one",
            rationale: "The server reaches what strangers cannot: metadata services, internal addresses.",
            mitigations: ["allow named hosts only", "refuse private addresses after resolving"],
            links: ["CWE-918", "CAPEC-664", "NIST-800-53:SC-7"], scope: processes, open: [.requestForgery]),
        ThreatRule(
            id: "T-METADATA", stride: .disclosure, title: "The machine's credentials can be had by one request",
            rationale: "Without a session token, a forged request of the server is answered with its role's keys.",
            mitigations: ["require tokens for the metadata service (IMDSv2)"], links: ["CWE-918", "NIST-800-53:AC-6"],
            scope: processes, open: [.oldMetadata], mitigated: [.tokenMetadata]),
        ThreatRule(
            id: "T-CRYPTOGRAPHY", reach: .copy, stride: .disclosure,
            title: "Cryptography that is broken protects data",
            rationale: "Fast hashes of passwords and broken ciphers are undone with ordinary means.",
            mitigations: ["argon2 or bcrypt for passwords", "AES-GCM or ChaCha20-Poly1305 for data"],
            links: ["CWE-327", "CAPEC-97", "NIST-800-53:SC-13"], scope: processes, open: [.weakCryptography]),
        ThreatRule(
            id: "T-DEBUG", stride: .disclosure, title: "Debugging is on where requests are served",
            rationale: "Errors show code and values, and some debuggers run what a request says.",
            mitigations: ["turn it on by the environment of developers only"], links: ["CWE-489", "CAPEC-54"],
            scope: processes, open: [.debugging]),
    ]

    private static let denial: [ThreatRule] = [
        ThreatRule(
            id: "T-LIMITS", mostImpact: 2, stride: .denial, title: "One process can take what all need",
            rationale: "Without bounds on memory and processor time, one flood stops its neighbours too.",
            mitigations: ["set limits on memory and processor time", "limit the rate of requests"],
            links: ["CWE-770", "CAPEC-125", "NIST-800-53:SC-5"], scope: processes, open: [.unlimited],
            mitigated: [.limited, .rateLimited]),
        ThreatRule(
            id: "T-NO-BACKUP", reach: .aftermath, stride: .denial, title: "Lost data does not come back",
            rationale: "What is deleted or encrypted by an attacker is gone without versions or backups.",
            mitigations: ["keep backups or versions that the service cannot delete"],
            links: ["CWE-693", "NIST-800-53:CP-9"], scope: stores, open: [.notBackedUp], mitigated: [.backedUp]),
    ]

    private static let elevation: [ThreatRule] = [
        ThreatRule(
            id: "T-COMMAND-INJECTION", stride: .elevation, title: "A request runs commands or code",
            rationale: "Text from a request reaches a shell, an interpreter or a loader of objects.",
            mitigations: ["pass arguments without a shell", "read data formats that hold no code"],
            links: ["CWE-78", "CWE-94", "CWE-502", "CAPEC-88", "NIST-800-53:SI-10"], scope: processes,
            open: [.commandInjection]),
        ThreatRule(
            id: "T-PRIVILEGED", stride: .elevation, title: "Who breaks in gets the machine",
            rationale: "The process holds rights on its host or cluster that break the walls of its container.",
            mitigations: ["run without privileges, as a user without rights", "mount nothing of the host"],
            links: ["CWE-250", "CAPEC-480", "NIST-800-53:AC-6"], scope: processes, open: [.privileged],
            mitigated: [.confined]),
        ThreatRule(
            id: "T-BROAD-RIGHTS", stride: .elevation, title: "Who breaks in gets far more than the process needs",
            rationale: "The role of the process may do things that its work does not ask for.",
            mitigations: ["name actions and resources", "bound the role"],
            links: ["CWE-269", "CAPEC-233", "NIST-800-53:AC-6"], scope: processes, open: [.broadRights]),
        ThreatRule(
            id: "T-CI-UNTRUSTED", stride: .elevation, title: "Strangers run code in the pipeline",
            rationale: "A request or comment by anybody decides what runs beside the pipeline's secrets and token.",
            mitigations: [
                "build what strangers send by pull_request, without secrets",
                "pass their texts by the environment, never within a script",
            ],
            links: ["CWE-94", "CAPEC-248", "NIST-800-53:CM-5"], scope: processes,
            open: [.untrustedCode, .untrustedText], asked: [.contributed]),
        ThreatRule(
            id: "T-CI-TOKEN", stride: .elevation, title: "The pipeline's token may write",
            rationale: "Each step, and each dependency that it runs, can change the repository or its releases.",
            mitigations: ["permissions: contents: read at the top, more for single jobs"],
            links: ["CWE-250", "CAPEC-233", "NIST-800-53:AC-6"], scope: processes, open: [.writingToken],
            mitigated: [.readingToken]),
        ThreatRule(
            id: "T-FLAWED-PACKAGE", stride: .elevation, title: "Flaws of packages can be used",
            rationale: "What is known to be flawed is tried first, by machines.",
            mitigations: ["upgrade to the version that puts it right"], links: ["CWE-1395", "NIST-800-53:SI-2"],
            scope: processes, open: [.flawedPackage]),
    ]
}
