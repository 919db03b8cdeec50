/// Why stored bytes are no rejection that this program can read.
public enum RejectionDecodingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The number of the rule is not known here.
    case unknown(UInt8)
    /// The bytes are too few, too many, or hold what no martlet writes.
    case damaged(byteCount: Int)

    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .unknown(let number):
            "rejection \(number) is not known to this martlet: a newer martlet wrote it; run that version or a later one"
        case .damaged(let byteCount):
            "the \(byteCount) bytes of a stored rejection are damaged; restore the log from a backup"
        }
    }
}
