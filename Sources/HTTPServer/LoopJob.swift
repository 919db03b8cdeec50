/// Work that another thread sent to a loop.
enum LoopJob: @unchecked Sendable {
    // @unchecked because the exchange is only carried here; it is touched on the loop's thread alone.
    case run(@Sendable () -> Void)
    case resume(Exchange, @Sendable (Exchange) -> Void)
    case stop
}
