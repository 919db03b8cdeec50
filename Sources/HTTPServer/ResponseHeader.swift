/// One header line of an answer.
///
/// The library makes Date, Content-Length and Connection itself. They do not belong here.
struct ResponseHeader: Sendable {
    enum Value: Sendable {
        case text(StaticString)
        case string(String)
        case number(UInt64)
    }

    let name: StaticString
    let value: Value
}
