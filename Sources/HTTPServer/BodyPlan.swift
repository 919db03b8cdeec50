/// What to do with the body of a request before its handler goes on. This is decided when the header is in.
///
/// A continuation is called when the body is in, with the same exchange. It must respond or suspend before it returns.
/// It is dropped without a call when the exchange is already answered, when the body went over its limit, or when the
/// client has gone. It may hold what the handler found out. This is how typed state is passed on.
public enum BodyPlan {
    /// The exchange has its answer or is suspended, for instance because the body does not matter.
    case done
    /// Throw the body away. Above the server's drain limit the answer is 413.
    case discard(then: (Exchange) -> Void)
    /// Keep the body in memory. Above `limit` bytes the server answers 413.
    case collect(limit: Int, then: (Exchange) -> Void)
    /// Take one named part of a `multipart/form-data` body as it comes in. The limit counts the bytes of that part.
    ///
    /// The result is in ``Exchange/upload``.
    case file(part: String, limit: Int, sink: any UploadSink, then: (Exchange) -> Void)
}
