extension Sequence<String> {
    /// The name that was probably meant; `nil` if none is so near that naming it would help.
    func nearest(to written: String) -> String? {
        let found = map { (name: $0, distance: editDistance(written, $0)) }.min { $0.distance < $1.distance }
        guard let found, found.distance <= Swift.max(1, written.count / 3) else { return nil }
        return found.name
    }
}

/// How many characters must be added, dropped, replaced, or swapped with their neighbour (Damerau, Levenshtein).
func editDistance(_ left: String, _ right: String) -> Int {
    let left = Array(left.lowercased())
    let right = Array(right.lowercased())
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in 0..<left.count {
        var current = [row + 1]
        for column in 0..<right.count {
            let replaced = last[column] + (left[row] == right[column] ? 0 : 1)
            var best = Swift.min(replaced, last[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                best = Swift.min(best, beforeLast[column - 1] + 1)
            }
            current.append(best)
        }
        beforeLast = last
        last = current
    }
    return last[right.count]
}
