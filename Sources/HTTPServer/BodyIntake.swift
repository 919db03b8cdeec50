/// What an exchange does with the bytes of its body.
enum BodyIntake {
    /// Throw away up to so many more.
    case discard(left: Int)
    case collect(limit: Int)
    case file(UploadReceiver)
}
