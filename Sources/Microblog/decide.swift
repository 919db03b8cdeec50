/// Decides what a command brings about.
///
/// Pure: the same command over the same facts always gives the same answer. Whether an account may register others and
/// handle their keys is for the caller to check, who knows its role; everything else is checked here.
///
/// - Parameters:
///   - command: what is wanted.
///   - issuer: who wants it; becomes the actor of the event.
///   - limits: what the operator allows.
///   - facts: what has happened so far.
/// - Returns: the one event to append, or `nil` if what is wanted is already so.
/// - Throws: the rule that forbids it.
public func decide<Known: Facts & ~Copyable>(
    _ command: Command, by issuer: Issuer, limits: Limits, facts: inout Known
) throws(Rejection) -> Event? {
    switch command {
    case .registerAccount(let command): try command.decide(by: issuer, limits: limits, facts: &facts)
    case .changeAccount(let command): try command.decide(by: issuer, limits: limits, facts: &facts)
    case .issueKey(let command): try command.decide(by: issuer, limits: limits, facts: &facts)
    case .revokeKey(let command): try command.decide(by: issuer, limits: limits, facts: &facts)
    case .publishPost(let command): try command.decide(by: issuer, limits: limits, facts: &facts)
    case .deletePost(let command): try command.decide(by: issuer, limits: limits, facts: &facts)
    case .likePost(let command): try command.decide(by: issuer, limits: limits, facts: &facts)
    case .unlikePost(let command): try command.decide(by: issuer, limits: limits, facts: &facts)
    case .followAccount(let command): try command.decide(by: issuer, limits: limits, facts: &facts)
    case .unfollowAccount(let command): try command.decide(by: issuer, limits: limits, facts: &facts)
    case .uploadMedia(let command): try command.decide(by: issuer, limits: limits, facts: &facts)
    case .attachMedia(let command): try command.decide(by: issuer, limits: limits, facts: &facts)
    case .pinPost(let command): try command.decide(by: issuer, limits: limits, facts: &facts)
    case .unpinPost(let command): try command.decide(by: issuer, limits: limits, facts: &facts)
    }
}
