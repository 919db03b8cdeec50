// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
    // Modules are rooms of one program here: small functions of one are to be seen through in the other. That nobody
    // reads a variable while it is changed is checked in debug builds, so in all tests.
    .unsafeFlags(
        ["-cross-module-optimization", "-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
    name: "martlet",
    products: [.executable(name: "martlet", targets: ["martlet"])],
    targets: [
        .systemLibrary(name: "CLMDB", pkgConfig: "lmdb", providers: [.apt(["liblmdb-dev"])]),
        .systemLibrary(name: "CMicrohttpd", pkgConfig: "libmicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        .systemLibrary(name: "CISAL", pkgConfig: "libisal", providers: [.apt(["libisal-dev"])]),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CJansson", pkgConfig: "jansson", providers: [.apt(["libjansson-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),

        library("Bytes", []),
        library("Files", []),
        library("Clocks", []),
        library("Threads", []),
        library("CommandLineOptions", []),
        library("LMDB", ["CLMDB", "CLinux"]),
        library("JSON", ["CJansson"]),
        library("HTTPClient", ["CCurl"]),
        library("Sorting", []),
        library("Hashing", ["CSodium"]),
        library("Microblog", []),
        library("SampleCommunity", ["Bytes", "Microblog"]),
        library("EventLog", ["Bytes", "Clocks", "Files", "LMDB", "Threads", "Hashing", "Sorting", "CISAL"]),
        library("Projections", ["Bytes", "Files", "LMDB", "Threads", "Microblog", "Sorting", "Hashing"]),
        library(
            "Application",
            [
                "Bytes", "Clocks", "Files", "EventLog", "Projections", "Microblog", "JSON", "Threads", "Hashing",
                "CSodium",
                "CLinux",
            ]),
        library(
            "Backup",
            [
                "Application", "EventLog", "Projections", "Microblog", "LMDB", "Hashing", "Bytes", "Clocks", "Files",
                "CLinux",
            ]),
        .target(
            name: "APIDocuments", resources: [.embedInCode("openapi.json"), .embedInCode("docs.html")],
            swiftSettings: strict),
        library(
            "HTTPAdapter",
            ["APIDocuments", "Application", "Projections", "Microblog", "JSON", "Threads", "CMicrohttpd"]),
        .executableTarget(
            name: "martlet",
            dependencies: [
                "HTTPAdapter", "Application", "Backup", "Projections", "EventLog", "Microblog", "JSON", "Threads",
                "CommandLineOptions", "SampleCommunity", "HTTPClient",
            ],
            swiftSettings: strict),

        .target(name: "TestSupport", dependencies: ["Threads"], path: "Tests/Support", swiftSettings: strict),
        tests("BytesTests", ["Bytes"]),
        tests("FilesTests", ["Files", "TestSupport"]),
        tests("ThreadsTests", ["Threads"]),
        tests("HashingTests", ["Hashing", "TestSupport"]),
        tests("SortingTests", ["Sorting"]),
        tests("JSONTests", ["JSON", "ContractChecks", "TestSupport"]),
        tests("HTTPClientTests", ["HTTPClient", "ContractChecks", "TestSupport", "Threads"]),
        tests("CommandLineOptionsTests", ["CommandLineOptions"]),
        tests("SampleCommunityTests", ["SampleCommunity", "Microblog", "TestSupport"]),
        tests(
            "ApplicationTests",
            [
                "Application", "Backup", "Bytes", "EventLog", "Projections", "PlainViews", "SampleCommunity",
                "Microblog", "LMDB",
                "Threads", "Hashing", "TestSupport",
            ]),
        tests("MicroblogTests", ["Microblog", "TestSupport"]),
        .target(
            name: "PlainViews", dependencies: ["Projections", "Microblog", "TestSupport", "Threads"],
            path: "Tests/PlainViews",
            swiftSettings: strict),
        tests(
            "ProjectionsTests",
            ["Bytes", "Files", "Projections", "PlainViews", "LMDB", "Microblog", "TestSupport", "Threads"]),
        .target(
            name: "ContractChecks", path: "Tests/ContractChecks", swiftSettings: strict),
        tests(
            "HTTPAdapterTests",
            [
                "HTTPAdapter", "Application", "EventLog", "LMDB", "Microblog", "Projections", "Threads",
                "ContractChecks", "TestSupport",
            ]),
        tests("LMDBTests", ["LMDB", "TestSupport", "Threads"]),
        tests("EventLogTests", ["EventLog", "LMDB", "Threads", "Hashing", "TestSupport", "log-crash-writer"]),
        .executableTarget(
            name: "log-crash-writer", dependencies: ["EventLog"], path: "Tests/LogCrashWriter", swiftSettings: strict),
        .executableTarget(
            name: "append-bench", dependencies: ["EventLog", "Threads"], path: "Benchmarks/append",
            swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests", dependencies: ["ContractChecks", "LMDB", "TestSupport", "Threads"],
            exclude: ["contract"],
            swiftSettings: strict),
    ])
