import Microblog

extension History {
    mutating func givenAccount(_ handle: String, key: KeyHash? = nil) throws -> AccountID {
        AccountID(
            given(
                .accountRegistered(
                    AccountRegistered(
                        handle: try Handle(handle), name: try DisplayName(handle), role: .member, key: key))))
    }

    mutating func givenPost(by author: AccountID, media: [MediaID] = []) -> PostID {
        PostID(given(.postPublished(PostPublished(text: "hello", replyTo: nil, media: media)), by: .account(author)))
    }

    mutating func givenMedia(by owner: AccountID) -> MediaID {
        MediaID(
            given(
                .mediaUploaded(MediaUploaded(content: ContentHash(filledWith: 7), type: .png, size: 9)),
                by: .account(owner)))
    }
}

extension HashName {
    init(filledWith byte: UInt8) {
        self.init(bytes: [UInt8](repeating: byte, count: Hash256.byteCount))!
    }
}

extension Command {
    static func post(_ text: String = "hello", replyTo: PostID? = nil, media: [MediaID] = []) -> Command {
        .publishPost(PublishPost(text: text, replyTo: replyTo, media: media))
    }

    static func register(_ handle: String, key: KeyHash? = nil) throws -> Command {
        .registerAccount(
            RegisterAccount(handle: try Handle(handle), name: try DisplayName(handle), role: .member, key: key))
    }
}
