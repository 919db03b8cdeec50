/// What a JSON value has to look like: exactly these members, of exactly these types.
public indirect enum Shape: Sendable {
    case integer
    /// Whole or not.
    case number
    case string
    case boolean
    case null
    case truth
    case falsehood
    case optional(Shape)
    case list(Shape)
    case object([String: Shape])

    /// What is wrong with a value, one line each, with the place.
    public func faults(of value: JSONValue?, at place: String = "$") -> [String] {
        switch (self, value) {
        case (.integer, .integer), (.string, .string), (.boolean, .boolean), (.null, .null), (.optional, .null): []
        case (.number, .integer), (.number, .number): []
        case (.truth, .boolean(true)), (.falsehood, .boolean(false)): []
        case (.optional(let shape), _): shape.faults(of: value, at: place)
        case (.list(let shape), .array(let elements)):
            elements.enumerated().flatMap { shape.faults(of: $1, at: "\(place)[\($0)]") }
        case (.object(let shapes), .object(let members)):
            members.keys.filter { shapes[$0] == nil }.map { "\(place).\($0) should not be there" }
                + shapes.flatMap { $1.faults(of: members[$0], at: "\(place).\($0)") }
        case (_, nil): ["\(place) is missing"]
        default: ["\(place) is \(String(describing: value!).prefix(80)), not \(self)"]
        }
    }
}

extension Shape {
    /// `{"id", "name"}`
    public static let person = Shape.object(["id": .integer, "name": .string])
    /// `{"user_id", "name"}`
    public static let like = Shape.object(["user_id": .integer, "name": .string])
    /// A tweet: the fixed members, and ours.
    public static let tweet = Shape.object([
        "id": .integer, "content": .string, "attachments": .list(.string), "author": person, "likes": .list(like),
        "created_at": .string, "likes_count": .integer, "liked": .boolean, "reply_to": .optional(.integer),
    ])
    /// An account: the fixed members, and ours.
    public static let user = Shape.object([
        "id": .integer, "name": .string, "followers": .list(person), "following": .list(person), "handle": .string,
        "created_at": .string, "followers_count": .integer, "following_count": .integer, "tweets_count": .integer,
    ])
    /// Every error.
    public static let error = Shape.object([
        "result": .falsehood, "error_type": .string, "error_message": .string,
    ])

    /// An answer that says that it is done, with these members besides.
    public static func done(_ members: [String: Shape] = [:]) -> Shape {
        .object(members.merging(["result": .truth]) { $1 })
    }

    /// A page of a list.
    public static func page(_ name: String, of entry: Shape) -> Shape {
        done([name: .list(entry), "next_cursor": .optional(.string)])
    }
}
