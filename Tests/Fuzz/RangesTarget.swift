@testable import HTTPAdapter

/// `Range` headers: the first byte says how large the file is, the rest is the header's value.
///
/// The server reads bytes of a file at the place that the header leads to, so what it asks for must lie inside.
let rangesTarget = FuzzTarget(name: "ranges", longest: 80) { input in
    guard let first = input.first else { return }
    // Small files, large ones, and the largest that there can be.
    let size = first < 64 ? UInt64(first) : first < 128 ? UInt64(1) << (first - 64) : .max - UInt64(first - 128)
    let header = String(decoding: input.dropFirst(), as: UTF8.self)
    let range = ByteRange(header, size: size)
    switch range {
    case .whole: break
    case .outside: require(header.lowercased().hasPrefix("bytes="), "416 for another unit: \(header)")
    case .part(let bytes):
        require(!bytes.isEmpty && bytes.upperBound <= size, "\(header) of \(size) bytes gives \(bytes)")
        let plain = "bytes=\(bytes.lowerBound)-\(bytes.upperBound - 1)"
        require(ByteRange(plain, size: size) == range, "\(header) of \(size) bytes is not \(plain)")
    }
    if header.hasPrefix("bytes=") {
        let spaced = "BYTES= \t\(header.dropFirst("bytes=".count)) "
        require(ByteRange(spaced, size: size) == range, "blanks or capitals change \(header) of \(size) bytes")
    }
}
