/// What is to be done with the body of a request, decided when its header is in.
enum BodyPlan {
    /// No body is wanted; a small one is thrown away.
    case none
    /// Keep the body in memory; above `limit` bytes the core answers 413.
    case collect(limit: Int)
    /// Take one named part of a `multipart/form-data` body as it comes in; its limit counts that part's bytes.
    ///
    /// The result is in ``Exchange/upload``.
    case file(part: String, limit: Int, sink: any UploadSink)
    /// The handler has responded already, for instance with 401 or 405: the body does not matter.
    case answered
}
