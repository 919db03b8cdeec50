/// The outcome of a ``BodyPlan/file(part:limit:sink:then:)``.
public struct Upload {
    /// How it ended.
    public enum Outcome {
        /// The part came in whole, and all of it is in the sink.
        case complete
        /// The body has another content type than `multipart/form-data`, or names no boundary.
        case notMultipart
        /// The form breaks off or is malformed.
        case malformed
        /// The form has no part of that name.
        case missing
        /// The form has more than one part of that name.
        case repeated
        /// The part, or the form around it, is longer than allowed.
        case overLimit
        /// The sink threw.
        case failed(any Error)
    }

    /// How it ended.
    public internal(set) var outcome: Outcome

    /// The name that the client gave to the file: shown to people, never used as a path.
    public internal(set) var fileName: String?

    /// How many bytes went to the sink.
    public internal(set) var byteCount = 0
}
