import Synchronization

extension MetaPage {
    /// The meta page of a moment that stays.
    ///
    /// - Parameters:
    ///   - path: of the data file.
    ///   - begin: begins a transaction, in the place of the one before if there is one, and tells its number.
    ///   - page: looks at page 0 or 1; `nil` when it is no meta page, or is half of one transaction and half of another.
    /// - Throws: ``LMDBError`` when the moment's page is damaged.
    static func settled(
        of path: String, _ begin: () throws(LMDBError) -> Int, _ page: (Int) -> MetaPage?
    ) throws(LMDBError) -> MetaPage {
        var previous: MetaPage?
        var unreadable: UInt64?
        // The two metas take turns. While the other one is older, nobody writes into ours: it is whole. A newer one is
        // about to be followed by a write into ours, or was left by a commit that failed: then ours stays as it is.
        for _ in 0..<1000 {
            let moment = UInt64(bitPattern: Int64(try begin()))
            let number = Int(moment & 1)
            guard let meta = page(number) else {
                // Whoever writes into ours has let the moment move on; damage stays.
                guard unreadable != moment else { throw .damagedMeta(number, of: path) }
                unreadable = moment
                continue
            }
            // How old the other one was before we looked at ours says nothing of what we saw.
            atomicMemoryFence(ordering: .acquiring)
            let other = page(1 - number)
            guard meta.transaction == moment else { continue }
            if let other, other.transaction <= moment { return meta }
            if meta == previous { return meta }
            previous = meta
        }
        throw LMDBError(page: 0, of: path, "and page 1 do not know the newest transaction")
    }
}
