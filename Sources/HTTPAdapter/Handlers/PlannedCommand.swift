internal import Microblog

/// A command that a request asks for, and how its success is told.
struct PlannedCommand {
    let command: Command
    let answer: Answer

    enum Answer: Sendable {
        /// 200 `{"result": true}`
        case done
        /// 201 with `tweet_id`
        case tweet
        /// 201 with `media_id`
        case media
        /// 201 with the account and its key, which is shown this once
        case account(handle: String, name: String, role: Role, key: String)
    }
}
