internal import Microblog
internal import Projections

/// A place in a list, as clients carry it: opaque to them, a letter for the list and the place to us.
struct ListCursor: Equatable {
    /// The lists that have pages.
    enum List: Character {
        case popular = "p"
        case newest = "n"
        case tweets = "t"
        case replies = "r"
        case likes = "l"
        case followers = "f"
        case following = "g"
    }

    let list: List
    /// The last entry's place: the next page begins below it.
    let place: PostRank

    init(_ list: List, _ place: PostRank) {
        self.list = list
        self.place = place
    }

    /// A list whose entries are in the order of log positions.
    init(_ list: List, before position: UInt64) {
        self.init(list, PostRank(likes: 0, post: PostID(position)))
    }

    /// The position that the next page begins below.
    var position: UInt64 { place.post.rawValue }

    /// Reads what ``text`` wrote; `nil` for anything else, and for the cursor of another list.
    init?(_ text: String, of list: List) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == String(list.rawValue), let likes = UInt32(parts[1], radix: 36),
            let post = UInt64(parts[2], radix: 36)
        else { return nil }
        self.init(list, PostRank(likes: likes, post: PostID(post)))
        guard self.text == text else { return nil }
    }

    var text: String {
        "\(list.rawValue)-\(String(place.likes, radix: 36))-\(String(place.post.rawValue, radix: 36))"
    }
}
