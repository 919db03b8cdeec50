/// What the rebuild of a running server's read models is about.
public enum RebuildStatus: Sendable {
    /// None was asked for since the start.
    case none
    /// One is under way: the part that is done, from 0 to 1.
    case running(Double)
    /// The last one is in use.
    case done(ReplayReport)
    /// The last one was given up, and the generation before it is still in use: why.
    case failed(String)
}
