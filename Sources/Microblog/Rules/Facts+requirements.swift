extension Facts where Self: ~Copyable {
    /// - Throws: `unknownAccount` if the issuer is an account that does not exist.
    mutating func requireKnown(_ issuer: Issuer) throws(Rejection) {
        if case .account(let account) = issuer { try requireAccount(account) }
    }

    /// - Throws: `accountRequired` for the operator, `unknownAccount` if the account does not exist.
    mutating func requireAccount(behind issuer: Issuer) throws(Rejection) -> AccountID {
        guard case .account(let account) = issuer else { throw .accountRequired }
        try requireAccount(account)
        return account
    }

    /// - Throws: `unknownAccount` if the account does not exist.
    mutating func requireAccount(_ account: AccountID) throws(Rejection) {
        guard lastEvent(of: .account(account)) != nil else { throw .unknownAccount(account) }
    }

    /// - Throws: `keyInUse` if the key was ever issued, be it revoked since: a key that leaked must not come back.
    mutating func requireUnused(_ key: KeyHash) throws(Rejection) {
        guard lastEvent(of: .key(key)) == nil else { throw .keyInUse(key) }
    }

    /// - Throws: `unknownPost` if the post never was or is deleted.
    mutating func requirePost(_ post: PostID) throws(Rejection) {
        guard let last = lastEvent(of: .post(post)), last != .postDeleted else { throw .unknownPost(post) }
    }

    /// - Throws: `unknownPost` as above, `notAuthor` if another account published it.
    mutating func requirePost(_ post: PostID, by author: AccountID) throws(Rejection) {
        try requirePost(post)
        guard self.author(of: post) == author else { throw .notAuthor(post) }
    }

    /// - Throws: `unknownMedia` if it was never uploaded or went with a deleted post, `mediaNotOwned` if another account
    ///   uploaded it, `mediaAlreadyAttached` if it is on a post.
    mutating func requireFree(_ media: MediaID, of owner: AccountID) throws(Rejection) {
        if try holder(of: media, ownedBy: owner) != nil { throw .mediaAlreadyAttached(media) }
    }

    /// The post that an account's file is on, if any.
    ///
    /// - Throws: `unknownMedia` if it was never uploaded or went with a deleted post, `mediaNotOwned` if another account
    ///   uploaded it.
    mutating func holder(of media: MediaID, ownedBy owner: AccountID) throws(Rejection) -> PostID? {
        guard lastEvent(of: .media(media)) != nil else { throw .unknownMedia(media) }
        let post = post(holding: media)
        if let post, lastEvent(of: .post(post)) == .postDeleted { throw .unknownMedia(media) }
        guard self.owner(of: media) == owner else { throw .mediaNotOwned(media) }
        return post
    }
}
