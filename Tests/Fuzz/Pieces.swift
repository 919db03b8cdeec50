import TestSupport

/// Bytes cut at places that a number chooses: what is read must not depend on them.
func pieces(of bytes: UnsafeRawBufferPointer, seed: UInt8) -> [UnsafeRawBufferPointer] {
    // Single bytes first: they cut everything that can be cut.
    if seed == 0 { return bytes.indices.map { UnsafeRawBufferPointer(rebasing: bytes[$0...$0]) } }
    var random = SplitMix64(seed: UInt64(seed))
    var pieces: [UnsafeRawBufferPointer] = []
    var rest = bytes[...]
    while !rest.isEmpty {
        let piece = rest.prefix(1 + random.below(random.oneIn(2) ? 4 : rest.count))
        pieces.append(UnsafeRawBufferPointer(rebasing: piece))
        rest = rest.dropFirst(piece.count)
    }
    return pieces
}
