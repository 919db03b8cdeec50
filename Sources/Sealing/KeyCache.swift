internal import CSodium
internal import Glibc
internal import Threads

/// Keys that were opened, so that they need not be read and opened again.
///
/// Each account has one place, which it shares with others (direct-mapped). Places are dealt out over 64 locks, so that
/// threads seldom meet. Memory is taken as places are used, 40 bytes for each.
final class KeyCache: Sendable {
    /// What the cache knows.
    enum Answer {
        case key(SealingKey)
        /// The account was erased.
        case none
        /// Nothing. The ticket is needed to enter what is found elsewhere.
        case unknown(Ticket)
    }

    /// What was read while somebody erased a key must not be entered afterwards. A ticket is valid until then.
    struct Ticket {
        fileprivate let erasures: UInt64
    }

    /// Accounts from here on, and 0, cannot be entered.
    static let firstUnused: UInt64 = 1 << 63

    private static let stripeCount = 64
    private let stripes: [Guarded<Stripe>]
    private let shift: UInt64

    /// A cache for 2^`bits` accounts, at least 64.
    init(bits: UInt64 = 17) {
        precondition((6...32).contains(bits), "a cache has 64 places or more")
        shift = 64 - bits
        stripes = (0..<Self.stripeCount).map { _ in Guarded(Stripe(places: 1 << (Int(bits) - 6))) }
    }

    subscript(account: UInt64) -> Answer {
        let (stripe, place) = place(of: account)
        return stripes[stripe].withLock { $0.answer(account, at: place) }
    }

    /// Enters what was found, unless a key was erased meanwhile.
    func enter(_ key: SealingKey?, of account: UInt64, _ ticket: Ticket) {
        let (stripe, place) = place(of: account)
        stripes[stripe].withLock { stripe in
            if stripe.erasures == ticket.erasures { stripe.set(key, of: account, at: place) }
        }
    }

    /// Takes an account out, because its key was erased.
    func remove(_ account: UInt64) {
        let (stripe, place) = place(of: account)
        stripes[stripe].withLock { stripe in
            stripe.erasures += 1
            stripe.clear(account, at: place)
        }
    }

    /// Spreads accounts, whatever the distance between them (Fibonacci hashing).
    private func place(of account: UInt64) -> (stripe: Int, place: Int) {
        let hash = Int((account &* 0x9e37_79b9_7f4a_7c15) >> shift)
        return (hash & (Self.stripeCount - 1), hash / Self.stripeCount)
    }

    /// The places behind one lock.
    private final class Stripe {
        private struct Place {
            /// The account; 0: the place is free.
            var account: UInt64
            var key: SealingKey
        }

        /// Stands in `account` beside the number when there is no key.
        private static let erased = KeyCache.firstUnused

        private let places: UnsafeMutableBufferPointer<Place>
        var erasures: UInt64 = 0

        init(places count: Int) {
            // Zeros that are not touched take no memory.
            let memory = calloc(count, MemoryLayout<Place>.stride)
            guard let memory else { fatalError("there is no memory for \(count) keys") }
            places = UnsafeMutableBufferPointer(start: memory.bindMemory(to: Place.self, capacity: count), count: count)
        }

        deinit {
            // What was never touched stays so.
            for place in places.indices where places[place].account != 0 { places[place].key.wipe() }
            free(places.baseAddress)
        }

        func answer(_ account: UInt64, at place: Int) -> Answer {
            let found = places[place].account
            if found == account { return .key(places[place].key) }
            return found == account | Self.erased ? .none : .unknown(Ticket(erasures: erasures))
        }

        func set(_ key: SealingKey?, of account: UInt64, at place: Int) {
            places[place].key = key ?? SealingKey()
            places[place].account = key == nil ? account | Self.erased : account
        }

        func clear(_ account: UInt64, at place: Int) {
            guard places[place].account & ~Self.erased == account else { return }
            places[place].key.wipe()
            places[place].account = 0
        }
    }
}
