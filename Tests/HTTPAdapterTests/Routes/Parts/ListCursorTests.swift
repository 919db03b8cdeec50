import Microblog
import Projections
import Testing

@testable import HTTPAdapter

@Suite struct ListCursorTests {
    private static let lists: [ListCursor.List] = [
        .popular, .newest, .tweets, .replies, .likes, .followers, .following,
    ]

    @Test func `A cursor is read back as it was, by its own list alone`() {
        for list in Self.lists {
            for likes in [0, 1, 35, 36, UInt32.max] {
                for post in [1, 36, 1 << 53, UInt64.max] {
                    let cursor = ListCursor(list, FeedPlace(likes: likes, entry: post))
                    for other in Self.lists {
                        #expect(ListCursor(cursor.text, of: other) == (other == list ? cursor : nil))
                    }
                }
            }
        }
        #expect(Set(Self.lists.map(\.rawValue)).count == Self.lists.count)
    }

    @Test func `A cursor is made of characters that stand in a target as they are`() {
        let text = ListCursor(.newest, before: 812).text
        #expect(text.wholeMatch(of: /[a-z0-9-]+/) != nil)
    }

    @Test func `Anything else is not a cursor`() {
        let sound = ListCursor(.newest, before: 812).text
        #expect(ListCursor(sound, of: .newest)?.position == 812)
        for text in [
            "", "n", "n-", "n--", "n-0", "n-0-", "n-0-mk-", "n-0-mk-0", "-0-mk", " n-0-mk", "n-0-mk ", "n-00-mk",
            "n-0-0mk",
            "n-0-MK", "N-0-mk", "n-+0-mk", "n-0-+mk", "n--0-mk", "n-0-é", "n-zzzzzzzz-mk", "n-0-zzzzzzzzzzzzzz",
            "nn-0-mk",
        ] {
            #expect(ListCursor(text, of: .newest) == nil, "\(text)")
        }
    }
}
