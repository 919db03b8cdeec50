import Glibc

/// All targets: one file each, and one row here. `.ci/fuzz` runs each of them.
let targets = [
    headsTarget,
    chunksTarget,
    formsTarget,
    queriesTarget,
    rangesTarget,
    cursorsTarget,
]

/// libFuzzer's own loop, in its library.
@_silgen_name("LLVMFuzzerRunDriver")
func runFuzzer(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ check: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// Gives one input to the target. The library wants to find it by this name, though it is told of it.
@_cdecl("LLVMFuzzerTestOneInput")
func checkInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    chosen?.check(UnsafeBufferPointer(start: bytes, count: count))
    return 0
}

/// fuzz list: prints the names of the targets. fuzz NAME [OPTION ...] [CORPUS ...]: runs one, with options of libFuzzer.
var arguments = CommandLine.arguments
if arguments.count == 2, arguments[1] == "list" {
    for target in targets { print(target.name) }
    exit(0)
}
guard arguments.count >= 2, let target = targets.first(where: { $0.name == arguments[1] }) else {
    print("fuzz: name a target: \(targets.map(\.name).joined(separator: ", "))")
    exit(2)
}
chosen = target
arguments[1] = "-max_len=\(target.longest)"
var count = Int32(arguments.count)
var pointers = arguments.map { strdup($0) } + [nil]
pointers.withUnsafeMutableBufferPointer { pointers in
    var first = pointers.baseAddress
    exit(runFuzzer(&count, &first, checkInput))
}
