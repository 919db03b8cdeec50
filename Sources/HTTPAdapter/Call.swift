internal import Microblog
internal import Projections

/// What a query is answered from, and for whom.
struct QueryContext {
    let snapshot: ViewSnapshot
    let caller: AccountID
}
