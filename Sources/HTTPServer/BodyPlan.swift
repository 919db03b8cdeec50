/// What is to be done with the body of a request before its handler goes on, decided when its header is in.
///
/// A continuation is called when the body is in, with the same exchange. It must respond or suspend before it returns.
/// It is not called when the exchange is answered already, when the body went over its limit, or when the client went
/// away; then it is dropped. It may hold what the handler found out: that is how typed state is handed on.
public enum BodyPlan {
    /// The exchange has its answer, or is suspended, for instance because nothing of a body matters.
    case done
    /// Throw the body away; above the server's drain limit it answers 413.
    case discard(then: (Exchange) -> Void)
    /// Keep the body in memory; above `limit` bytes the server answers 413.
    case collect(limit: Int, then: (Exchange) -> Void)
    /// Take one named part of a `multipart/form-data` body as it comes in; its limit counts that part's bytes.
    ///
    /// The result is in ``Exchange/upload``.
    case file(part: String, limit: Int, sink: any UploadSink, then: (Exchange) -> Void)
}
