/// What a server answered.
public struct HTTPAnswer: Sendable {
    /// Its status, such as 200.
    public let status: Int
    /// Its body.
    public let body: [UInt8]
}
