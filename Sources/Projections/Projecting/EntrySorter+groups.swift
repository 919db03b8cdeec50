internal import Sorting

extension EntrySorter {
    /// Lends all entries in order, and says where those of one `first` end.
    ///
    /// - Parameters:
    ///   - body: gets every entry.
    ///   - end: gets each `first`, after the last of its entries.
    func drainGroups(_ body: (SortEntry) throws -> Void, end: (UInt64) throws -> Void) throws {
        var group: UInt64?
        try drain { entry in
            if let group, group != entry.first { try end(group) }
            group = entry.first
            try body(entry)
        }
        if let group { try end(group) }
    }
}
