/// A check that libFuzzer runs on bytes of its own making.
///
/// The fuzzer looks for inputs that reach new code. What it starts from, real inputs, lies in `Tests/Fuzz/corpus/NAME`.
struct FuzzTarget: Sendable {
    /// What `.ci/fuzz` calls it; also the name of its folder below `corpus/`.
    let name: String
    /// The most bytes of an input. Small ones find more in the same time.
    let longest: Int
    /// Reads an input, and stops the program (``require(_:_:)``) when a rule does not hold.
    let check: @Sendable (UnsafeBufferPointer<UInt8>) -> Void
}

/// Stops the program when a rule does not hold: this is how the fuzzer is told.
func require(_ rule: Bool, _ broken: @autoclosure () -> String) {
    guard rule else { fatalError(broken()) }
}

/// The target that this process runs: the fuzzer calls back without a word on whose behalf.
///
/// Set once before the fuzzer starts, on the only thread that there is.
nonisolated(unsafe) var chosen: FuzzTarget?
