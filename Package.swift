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
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        .systemLibrary(name: "CISAL", pkgConfig: "libisal", providers: [.apt(["libisal-dev"])]),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CJansson", pkgConfig: "jansson", providers: [.apt(["libjansson-dev"])]),

        library("Bytes", []),
        library("Files", []),
        library("Clocks", []),
        library("Threads", []),
        library("CommandLineOptions", []),
        library("LMDB", ["CLMDB", "CLinux"]),
        library("JSON", ["CJansson"]),
        library("Sorting", []),
        library("Hashing", ["CSodium", "CISAL"]),
        library("Compression", ["CISAL"]),
        library("Sealing", ["Bytes", "CSodium", "Files", "Hashing", "Threads"]),
        library("Microblog", ["Bytes"]),
        library("SampleCommunity", ["Bytes", "Microblog"]),
        library("Journal", ["Bytes", "Files", "Hashing", "Threads"]),
        library(
            "EventLog",
            ["Bytes", "Clocks", "Files", "Hashing", "Journal", "LMDB", "Sealing", "Sorting", "Threads"]),
        library("Projections", ["Bytes", "Files", "LMDB", "Threads", "Microblog", "Sorting", "Hashing"]),
        library(
            "Application",
            [
                "Bytes", "Clocks", "Files", "EventLog", "Journal", "Projections", "Microblog", "JSON", "Sealing",
                "Threads", "Hashing", "CSodium", "CLinux",
            ]),
        library(
            "Backup",
            [
                "Application", "EventLog", "Journal", "Projections", "Microblog", "LMDB", "Hashing", "Bytes", "Clocks",
                "Files", "Sealing", "CLinux",
            ]),
        .target(
            name: "APIDocuments", resources: [.embedInCode("openapi.json"), .embedInCode("docs.html")],
            swiftSettings: strict),
        // Boost.Beast, header only, behind a face in C. Without exceptions: nothing of it that is used here throws.
        .target(
            name: "CHTTPParser",
            cxxSettings: [
                .define("BOOST_NO_EXCEPTIONS"), .define("NDEBUG", .when(configuration: .release)),
                .unsafeFlags(["-fno-exceptions", "-Wall", "-Wextra", "-Werror"]),
            ]),
        library("LocalSockets", []),
        library("ControlClient", ["LocalSockets"]),
        library("HTTPServer", ["CHTTPParser", "CLinux", "LocalSockets", "Threads", "Bytes"]),
        library(
            "HTTPAdapter",
            [
                "APIDocuments", "Application", "Compression", "HTTPServer", "Hashing", "LocalSockets", "Projections",
                "Microblog", "JSON",
                "Threads", "Bytes",
            ]),
        .executableTarget(
            name: "martlet",
            dependencies: [
                "HTTPAdapter", "HTTPServer", "LocalSockets", "ControlClient", "Application", "Backup", "Projections",
                "EventLog", "Microblog", "JSON", "Sealing", "Threads", "CommandLineOptions", "SampleCommunity",
            ],
            swiftSettings: strict),

        .target(
            name: "TestSupport", dependencies: ["Files", "Journal", "Threads"], path: "Tests/Support",
            swiftSettings: strict),
        tests("BytesTests", ["Bytes"]),
        tests("FilesTests", ["Files", "TestSupport"]),
        tests("ThreadsTests", ["Threads"]),
        tests("HashingTests", ["Hashing", "TestSupport"]),
        tests("SealingTests", ["Sealing", "Bytes", "Files", "Hashing", "TestSupport", "Threads"]),
        tests("CompressionTests", ["Compression", "TestSupport"]),
        tests("SortingTests", ["Sorting"]),
        tests("JSONTests", ["JSON", "ContractChecks", "TestSupport"]),
        tests("CommandLineOptionsTests", ["CommandLineOptions"]),
        tests("SampleCommunityTests", ["SampleCommunity", "Microblog", "PlainMicroblog", "TestSupport"]),
        tests(
            "ApplicationTests",
            [
                "Application", "Backup", "Bytes", "EventLog", "Journal", "Projections", "PlainMicroblog", "PlainViews",
                "SampleCommunity", "Microblog", "LMDB", "Sealing", "Threads", "Hashing", "TestSupport",
            ]),
        .target(
            name: "PlainMicroblog", dependencies: ["Microblog"], path: "Tests/PlainMicroblog", swiftSettings: strict),
        tests("MicroblogTests", ["Microblog", "PlainMicroblog", "TestSupport"]),
        .target(
            name: "PlainViews", dependencies: ["PlainMicroblog", "Projections", "Microblog", "TestSupport", "Threads"],
            path: "Tests/PlainViews",
            swiftSettings: strict),
        tests(
            "ProjectionsTests",
            [
                "Bytes", "Files", "Projections", "PlainMicroblog", "PlainViews", "LMDB", "Microblog", "TestSupport",
                "Threads",
            ]),
        .target(
            name: "ContractChecks", path: "Tests/ContractChecks", swiftSettings: strict),
        tests("HTTPServerTests", ["HTTPServer", "LocalSockets", "ContractChecks", "TestSupport", "Threads"]),
        tests("ControlClientTests", ["ControlClient", "LocalSockets", "TestSupport", "Threads"]),
        tests(
            "HTTPAdapterTests",
            [
                "HTTPAdapter", "HTTPServer", "LocalSockets", "APIDocuments", "Application", "EventLog", "LMDB",
                "Microblog",
                "Projections", "Threads", "ContractChecks", "TestSupport",
            ]),
        tests("JournalTests", ["Journal", "Bytes", "Files", "TestSupport", "Threads", "journal-crash-writer"]),
        .executableTarget(
            name: "journal-crash-writer", dependencies: ["Files", "Journal", "Threads"],
            path: "Tests/JournalCrashWriter", swiftSettings: strict),
        tests("LMDBTests", ["LMDB", "TestSupport", "Threads"]),
        tests(
            "EventLogTests",
            [
                "EventLog", "Files", "Journal", "LMDB", "Sealing", "Threads", "Hashing", "TestSupport",
                "log-crash-writer",
            ]),
        .executableTarget(
            name: "log-crash-writer", dependencies: ["EventLog", "Sealing"], path: "Tests/LogCrashWriter",
            swiftSettings: strict),
        .executableTarget(
            name: "append-bench", dependencies: ["EventLog", "Sealing", "Threads"], path: "Benchmarks/append",
            swiftSettings: strict),
        // Has a malloc of its own, which counts. Only what depends on it gets that.
        .target(
            name: "CAllocations", path: "Benchmarks/allocations",
            cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]),
        .executableTarget(
            name: "call-costs",
            dependencies: [
                "Application", "CAllocations", "EventLog", "Files", "HTTPAdapter", "HTTPServer", "Microblog", "Threads",
            ],
            path: "Benchmarks/calls", exclude: ["call-sites"], swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["ContractChecks", "LMDB", "Microblog", "PlainMicroblog", "TestSupport", "Threads"],
            exclude: ["contract"],
            swiftSettings: strict),
    ],
    cxxLanguageStandard: .cxx17)

// What `.ci/fuzz` builds: it links against libFuzzer, which only an instrumented build brings along.
if Context.environment["MARTLET_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "fuzz", dependencies: ["HTTPAdapter", "HTTPServer", "TestSupport"], path: "Tests/Fuzz",
            exclude: ["corpus"],
            swiftSettings: strict))
}
