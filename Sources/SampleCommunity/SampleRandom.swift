/// Numbers that look random and are the same everywhere for one seed (xoshiro256**, seeded by SplitMix64; D. Blackman
/// and S. Vigna, "Scrambled linear pseudorandom number generators").
///
/// All its results come from integers or from IEEE operations that are exact by definition. The standard library may
/// change how it draws from a generator, and `exp` and `log` differ in their last bit between machines.
public struct SampleRandom: RandomNumberGenerator, Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    /// Begins the sequence of a seed.
    public init(seed: UInt64) {
        var mixer = seed
        func mixed() -> UInt64 {
            mixer &+= 0x9E37_79B9_7F4A_7C15
            var word = mixer
            word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
            return word ^ word >> 31
        }
        state = (mixed(), mixed(), mixed(), mixed())
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        let scrambled = (state.1 &* 5).rotatedLeft(by: 7) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = state.3.rotatedLeft(by: 45)
        return scrambled
    }

    /// A number from 0 to below `bound`, all equally likely, to within one in 2^32.
    mutating func below(_ bound: Int) -> Int {
        Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// True this many times in a thousand.
    mutating func chance(inThousand share: Int) -> Bool {
        below(1_000) < share
    }

    /// A number below `bound`. Smaller numbers are more likely, as 1/x: every doubling has the same share.
    mutating func zipf(below bound: Int) -> Int {
        let octaves = Int.bitWidth - bound.leadingZeroBitCount
        while true {
            let octave = below(octaves)
            let number = (1 << octave) - 1 + Int(truncatingIfNeeded: next() & (1 << UInt64(octave) - 1))
            if number < bound { return number }
        }
    }

    /// A number below `bound`. Small numbers are more likely: the first hundredth has a sixth of the share.
    mutating func leaning(below bound: Int) -> Int {
        below(below(below(bound) + 1) + 1)
    }

    /// A number that is e to a normally distributed power, of the given mean and with a sigma of 1.
    mutating func logNormal(mean: Double) -> Double {
        // The sum of twelve uniform numbers is nearly normal, with a variance of 1.
        var sum = -6.0
        for _ in 0..<12 { sum += Double(next() >> 11) * 0x1p-53 }
        var power = 1 + (sum - 0.5) / 1_024
        for _ in 0..<10 { power *= power }
        return mean * power
    }
}

extension UInt64 {
    fileprivate func rotatedLeft(by count: UInt64) -> UInt64 {
        self << count | self >> (64 - count)
    }
}
