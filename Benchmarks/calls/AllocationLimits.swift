/// How often a call may take memory from the heap. `call-costs check`, a part of `.ci/check`, holds to it.
///
/// A limit is the count of a release build. When a change makes a count larger, look with `call-costs trace` where it
/// comes from before you raise the limit, and say in the commit why it is worth it. When a change makes it smaller, lower
/// the limit with it, so that nobody loses what was won.
enum AllocationLimits {
    /// The limit of a call.
    static func limit(of kind: CallKind) -> Double {
        switch kind {
        case .post: 53.67
        case .like: 36.9
        case .follow: 34.1
        case .unlike: 36.8
        case .delete: 35.45
        case .newest: 31
        case .popular: 30
        case .profile: 21
        case .single: 18.7
        case .me: 21
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
