/// How often a call may take memory from the heap. `call-costs check`, a part of `.ci/check`, holds to it.
///
/// A limit is the count of a release build. When a change makes a count larger, look with `call-costs trace` where it
/// comes from before you raise the limit, and say in the commit why it is worth it. When a change makes it smaller, lower
/// the limit with it, so that nobody loses what was won.
enum AllocationLimits {
    /// The limit of a call.
    static func limit(of kind: CallKind) -> Double {
        switch kind {
        case .post: 40
        case .like: 29.55
        case .follow: 26.35
        case .unlike: 29.5
        case .delete: 28.45
        case .newest: 31
        case .popular: 29
        case .profile: 20
        case .single: 17.7
        case .me: 20
        case .health: 10
        }
    }

    /// By how much a count may be above its limit. On a very busy machine it was seen to vary by half of that.
    static let tolerance = 0.2
    /// A count that is smaller than this part of its limit asks for a lower limit.
    static let slack = 0.9
}

/// What a count says beside its limit.
enum Verdict {
    case kept, exceeded, tooLoose

    /// Compares a count.
    init(_ count: Double, limit: Double) {
        if count > limit + AllocationLimits.tolerance {
            self = .exceeded
        } else if count < limit * AllocationLimits.slack {
            self = .tooLoose
        } else {
            self = .kept
        }
    }
}
