// swift-tools-version: 6.2
import Foundation
import PackageDescription

// The floors of the house, from the ground up. Imports go down only; `make tidy` checks every arrow.
// A room appears here together with its tests; see CONTRIBUTING.md for how to add one.

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let here = Context.packageDirectory
func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: "\(here)/\(path)") }

func room(
    _ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = [],
    tests testDependencies: [Target.Dependency] = []
) -> [Target] {
    guard exists("Sources/\(name)") else { return [] }
    var targets: [Target] = [
        .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
    ]
    if exists("Tests/\(name)Tests") {
        let support: [Target.Dependency] = exists("Sources/TestSupport") && name != "TestSupport" ? ["TestSupport"] : []
        targets.append(
            .testTarget(
                name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies + support + testDependencies,
                exclude: ["Browser", "SDK"].filter { exists("Tests/\(name)Tests/\($0)") }, swiftSettings: strict))
    }
    return targets
}

func program(_ name: String, folder: String? = nil, _ dependencies: [Target.Dependency]) -> [Target] {
    let path = "Sources/\(folder ?? name)"
    guard exists(path) else { return [] }
    return [.executableTarget(name: name, dependencies: dependencies, path: path, swiftSettings: strict)]
}

func library(_ name: String, pkgConfig: String, apt: String) -> [Target] {
    guard exists("Sources/\(name)") else { return [] }
    return [.systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt])])]
}

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let bigInt: Target.Dependency = .product(name: "BigInt", package: "BigInt")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let hummingbird: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let jwt: Target.Dependency = .product(name: "JWTKit", package: "jwt-kit")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let serviceLifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let sqlite: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

let ground: [Target] =
    library("CVectorscan", pkgConfig: "libhs", apt: "libvectorscan-dev")
    + library("CPCRE2", pkgConfig: "libpcre2-8", apt: "libpcre2-dev")
    + library("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev")
    + room("Core")
    + room("JSON")
    + room("Web", ["Core"])
    + room("Matching", ["Core", "CVectorscan", "CPCRE2"])
    + room("Archive", ["Core", "CZlib"])

let engines: [Target] =
    room("Store", ["Core", sqlite])
    + room("Ledger", ["Core", "JSON", crypto], tests: ["CrashProbe"])
    + room("Config", ["Core", "JSON", yams])
    + room("HCL", ["Core", "JSON"])
    + room("Formats", ["Core", "JSON", "Web", crypto], tests: ["Archive"])
    + room("Rego", ["Core", "JSON", "Matching", bigInt, crypto, cryptoExtras, yams], tests: ["Formats"])
    + room("Policy", ["Core", "JSON", "Archive", "Rego", crypto, "CZlib"], tests: [cryptoExtras])
    + room("Dialects", ["Core", "JSON", "Web"])
    + room("Intent", ["Core"])
    + room("Schema", ["Core", "JSON", "Web", "Matching"])
    + room(
        "MCP",
        [
            "Core", "JSON", "Web", "Schema", crypto, cryptoExtras, httpTypes, asyncHTTPClient, subprocess, nioCore,
            nioHTTP1,
        ],
        tests: [hummingbird, logging, nioPosix])

let gate: [Target] =
    room(
        "Gate",
        ["Core", "JSON", "Store", "Ledger", "Config", "Policy", "Rego", crypto, jwt, logging, serviceLifecycle, deque],
        resources: [.embedInCode("Resources")])
    + room("Privacy", ["Core", "JSON", "Matching", crypto])
    + room(
        "Flow", ["Core", "JSON", "Web", "Config", "Store", "Gate", crypto, logging, serviceLifecycle],
        resources: [.embedInCode("Resources")], tests: ["Schema", "Ledger", "Policy", "FlowProbe"])

let planes: [Target] =
    room(
        "Models",
        ["Core", "JSON", "Config", "Dialects", "Gate", "Privacy", crypto, asyncHTTPClient, nioCore, nioHTTP1],
        tests: ["Store", "Ledger", "Policy", logging, nioPosix])
    + room(
        "Scan",
        [
            "Core", "JSON", "Web", "Archive", "Matching", "Store", "Config", "Formats", "HCL", "Rego", "Gate",
            "Privacy", "Risk",
            crypto,
            asyncHTTPClient, nioCore, nioHTTP1, subprocess, yams,
        ],
        resources: [.embedInCode("Resources")], tests: [hummingbird, logging, nioPosix])
    + room("Risk", ["Core", "JSON", "Store", "Formats"])
    + room(
        "Fixes",
        ["Core", "JSON", "Formats", "HCL", "Gate", "Scan", crypto, subprocess, yams],
        tests: ["Store", "Ledger", "Policy", "Privacy", "Risk", logging])
    + room(
        "Threats", ["Core", "JSON", "Web", "Formats", "Gate", "Risk", "Scan"],
        tests: ["Privacy", "Store", "Ledger", "Policy", logging])
    + room(
        "Observe", ["Core", "JSON", "Config", "Gate", asyncHTTPClient, logging, nioCore, nioHTTP1, serviceLifecycle],
        tests: ["Store", "Ledger", "Policy", hummingbird, nioPosix])
    + room(
        "Federation",
        [
            "Core", "JSON", "Web", "Config", "Store", "Formats", "Schema", "MCP", "Gate", "Privacy", crypto, logging,
            serviceLifecycle, asyncHTTPClient,
        ],
        tests: ["Ledger", "Policy", subprocess])

let mouths: [Target] =
    room(
        "Integrations",
        [
            "Core", "JSON", "Web", "Config", "Store", "Gate", crypto, logging, serviceLifecycle, asyncHTTPClient,
            nioCore,
            nioHTTP1, nioPosix, nioSSL,
        ],
        tests: ["Ledger", "Policy"])
    + room(
        "Hub", ["Core", "JSON", "Config", "Store", "Gate", "Flow", "Intent", logging],
        resources: [.embedInCode("Resources")], tests: ["Ledger", "Policy"])
    + room(
        "Channels",
        ["Core", "JSON", "Web", "Config", "Store", "Gate", "Hub", "Integrations", crypto, logging, serviceLifecycle],
        tests: ["Ledger", "Policy", "Flow", "Intent", nioCore, nioHTTP1, nioPosix])
    + room(
        "Agents", ["Core", "JSON", "Config", "Schema", "Dialects", "Gate", "Models", "Flow", crypto, logging],
        resources: [.embedInCode("Resources")],
        tests: [
            "Store", "Ledger", "Policy", "Privacy", "Risk", "Scan", "Fixes", "Threats", nioCore, nioPosix, nioHTTP1,
            hummingbird,
        ])

let frontDoor: [Target] =
    room(
        "Server",
        [
            "Core", "JSON", "Web", "Matching", "Store", "Ledger", "Config", "Formats", "Policy", "Rego", "Dialects",
            "Gate", "Privacy", "Models", "Risk", "Scan", "Fixes", "Threats", "Observe", "MCP", "Federation",
            "Integrations", "Flow", "Intent", "Hub", "Channels", "Agents",
            hummingbird, httpTypes, mustache, nioCore, nioPosix, nioHTTP1, logging, serviceLifecycle, unixSignals,
            asyncHTTPClient, crypto,
        ], resources: [.embedInCode("Resources")], tests: ["PatternProbe"])
    + room(
        "Commands",
        [
            "Core", "JSON", "Web", "Ledger", "Config", "Formats", "Dialects", "Models", "Policy", "Privacy", "Rego",
            "MCP",
            "Federation", "Flow", "Intent", "Agents", "Server",
            argumentParser, asyncHTTPClient, nioCore, nioHTTP1, logging, serviceLifecycle, subprocess,
        ], tests: ["gatehouse"])
    + program("gatehouse", ["Commands"])

let besideTheHouse: [Target] =
    [.testTarget(name: "TidyTests", swiftSettings: strict)]
    + room("TestSupport", ["Core", "JSON", nioCore, nioHTTP1, nioPosix])
    + program(
        "conformance", folder: "Conformance",
        [
            "Core", "JSON", "Schema", "Formats", "Ledger", "Rego", "Policy", "Privacy", "CZlib", "MCP", asyncHTTPClient,
            hummingbird, httpTypes, logging, nioCore, nioHTTP1, nioPosix,
        ])
    + program("CrashProbe", ["Core", "Ledger"])
    + program("FlowProbe", ["Core", "JSON", "Store", "Ledger", "Gate", "Flow", logging])
    + program("PatternProbe", ["Core", "JSON", "Store", "Ledger", "Gate", "Flow", "Agents", "Server", logging])
    + program(
        "benchmarks", folder: "Benchmarks",
        [
            "Core", "JSON", "Web", "Matching", "Ledger", "Store", "Gate", "Dialects", "Models", "Privacy", "Scan",
            "Rego",
            "Policy", "Server", "MCP", "Federation", "Flow", "Intent", "Agents", "Hub", logging,
        ])

let house = ground + engines + gate + planes + mouths + frontDoor + besideTheHouse

/// `ROOMS=Ledger,Store swift test` builds and tests these rooms and what they stand on, and nothing else.
func selected(_ targets: [Target], by list: String?) -> [Target] {
    let present = Set(targets.map(\.name))
    func roomsUsed(by target: Target) -> [String] {
        target.dependencies.compactMap { if case .byNameItem(let name, _) = $0 { name } else { nil } }
    }
    for target in targets {
        target.dependencies.removeAll {
            if case .byNameItem(let name, _) = $0 { !present.contains(name) } else { false }
        }
    }
    guard let list else { return targets }
    var wanted = Set(list.split(separator: ",").flatMap { [String($0), "\($0)Tests"] })
    var before = -1
    while wanted.count > before {
        before = wanted.count
        for target in targets where wanted.contains(target.name) { wanted.formUnion(roomsUsed(by: target)) }
    }
    return targets.filter { wanted.contains($0.name) }
}

let package = Package(
    name: "gatehouse",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/attaswift/BigInt", from: "6.0.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: selected(house, by: Context.environment["ROOMS"]),
    swiftLanguageModes: [.v6]
)
