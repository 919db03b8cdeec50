/// Answers requests. There is one instance for each loop, which is made and called only on that loop's thread.
///
/// So it can own something that is bound to a thread, such as a database reader, without a lock.
public protocol RequestHandler: AnyObject {
    /// Called once for each request, when its header is complete and its framing is valid. It responds, suspends, or
    /// says what to do with the body first.
    ///
    /// While a body is still to come (``Exchange/hasBody``) it may respond, but not suspend.
    func begin(_ exchange: Exchange) -> BodyPlan

    /// Makes the answer to a request that the server refuses by itself.
    ///
    /// - Parameters:
    ///   - type: a short name of the reason, such as `bad_request`.
    ///   - message: one sentence for people.
    func errorResponse(status: Int, type: StaticString, message: String) -> Response

    /// Called once for each answer to an exchange, before it is sent, whoever made it: the handler or the server itself.
    /// It adds header lines that depend on the request and belong to every answer.
    func finish(_ response: inout Response, for exchange: Exchange)

    /// Called about once a second.
    func tick()

    /// Called when everything that was ready is handled, before the loop waits for more. What was kept for several
    /// requests can be released.
    func willWait()
}

extension RequestHandler {
    /// Adds nothing.
    public func finish(_ response: inout Response, for exchange: Exchange) {}
    /// Does nothing.
    public func tick() {}
    /// Does nothing.
    public func willWait() {}
}
