public import Microblog

/// One thing that somebody in a sample community does.
///
/// Accounts, posts and media are numbered from 1, each kind on its own, in the order in which they come to be.
public struct SampleCommand: Hashable, Sendable {
    /// What is done.
    public enum Action: Hashable, Sendable {
        /// The account comes to be; `key` is the access key it is to have, where one was asked for.
        case register(name: String, key: String?)
        case follow(account: Int)
        case unfollow(account: Int)
        case post(number: Int, text: String, replyTo: Int?, media: [Int])
        case delete(post: Int)
        case like(post: Int)
        case unlike(post: Int)
        /// A file is uploaded, whole: a PNG picture.
        case media(number: Int, file: [UInt8])
    }

    /// When; never before the command in front of it.
    public let time: Timestamp

    /// The number of the account that does it.
    public let account: Int

    /// What is done.
    public let action: Action

    /// Puts the three together.
    public init(time: Timestamp, account: Int, action: Action) {
        self.time = time
        self.account = account
        self.action = action
    }
}
