internal import Bytes
package import EventLog
internal import Hashing
package import Microblog
package import Sealing

/// How the streams of the domain, and the requests of callers, are named in a log.
///
/// A name holds nothing personal. Where the domain names a stream after what a person chose, the log has a keyed hash
/// in its place: `handle/` and the 32 hexadecimal digits of 16 bytes. Equal handles have equal names, and whoever has
/// the log without its keys cannot try handles. All other names are those of ``Stream/appendName(to:)``.
package struct StreamNames: Sendable {
    /// The keys of the log.
    let keys: Keyring
    /// Whether the log was begun by a program that sealed nothing, and not written anew since.
    let beganPlain: Bool

    /// Names the streams of the log that these keys belong to.
    ///
    /// - Parameter beganPlain: whether it is a log that was upgraded without sealing. It keeps the names that its streams
    ///   and requests have had from the beginning.
    package init(_ keys: Keyring, beganPlain: Bool = false) {
        self.keys = keys
        self.beganPlain = beganPlain
    }

    /// Names the streams of a log that is written.
    init(_ log: LMDBEventLog) { self.init(log.keys, beganPlain: log.beganPlain) }

    /// The fingerprint of a request: BLAKE2b-128 of its bytes, then the keyed hash of that. So a short request, such as
    /// a name, cannot be found by trying, and the fingerprints of an older log can be made into these.
    func fingerprint(of request: UnsafeRawBufferPointer) -> [UInt8] {
        let plain = Blake2b.hash(request, size: Idempotency.fingerprintSize)
        return beganPlain ? plain : plain.withUnsafeBytes { keys.keyed($0) }
    }

    /// The name of a stream.
    package func name(of stream: Stream) -> StreamName {
        var name: [UInt8] = []
        name.reserveCapacity(Self.usualLength)
        append(stream, to: &name)
        return StreamName(name)
    }

    /// Most names are not longer.
    static let usualLength = 32

    /// Appends the name of a stream to a buffer that the caller keeps.
    func append(_ stream: Stream, to name: inout [UInt8]) {
        guard case .handle(let handle) = stream, !beganPlain else { return stream.appendName(to: &name) }
        var text: [UInt8] = []
        handle.append(to: &text)
        name.append(text: "handle/")
        for byte in text.withUnsafeBytes({ keys.hash($0, purpose: .streamName) }) { name.append(hexadecimal: byte) }
    }
}
