/// What answers requests: one instance a loop, made and called on that loop's thread only.
///
/// So it can own what is bound to a thread, such as a database reader, without a lock.
protocol RequestHandler: AnyObject {
    /// Called once a request, when its header is complete and its framing sound: says what to do with the body.
    func plan(_ exchange: Exchange) -> BodyPlan

    /// Called when the body is complete; must respond or suspend before it returns.
    ///
    /// Not called when the plan was `.answered`, when the body went over its limit, or when the client went away.
    func handle(_ exchange: Exchange)

    /// Makes the answer to a request that the core refuses by itself.
    ///
    /// - Parameters:
    ///   - type: a short name of the reason, such as `bad_request`.
    ///   - message: one sentence for people.
    func errorResponse(status: Int, type: StaticString, message: String) -> Response

    /// Called about once a second.
    func tick()

    /// Called when everything that was ready is handled, before the loop looks for more: what was kept for several requests
    /// can be let go.
    func rest()
}

extension RequestHandler {
    func tick() {}
    func rest() {}
}
