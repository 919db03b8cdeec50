@testable import HTTPAdapter

/// Cursors of lists: what a client sends back is taken only as it was written, and by one list only.
let cursorsTarget = FuzzTarget(name: "cursors", longest: 80) { input in
    let text = String(decoding: input, as: UTF8.self)
    let lists: [ListCursor.List] = [.popular, .newest, .tweets, .replies, .likes, .followers, .following]
    let cursors = lists.compactMap { ListCursor(text, of: $0) }
    require(cursors.count <= 1, "several lists take the cursor \(text)")
    if let cursor = cursors.first {
        require(cursor.text == text, "the cursor \(text) is written as \(cursor.text)")
        require(ListCursor(cursor.text, of: cursor.list) == cursor, "the cursor \(text) is read in two ways")
    }
}
