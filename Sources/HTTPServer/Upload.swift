/// The outcome of a ``BodyPlan/file(part:limit:sink:then:)``.
public struct Upload {
    /// How it ended.
    public enum Outcome {
        /// The part came in whole, and all of it is in the sink.
        case complete
        /// The form, or the part in it, is not taken.
        case refused(FormFault)
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
