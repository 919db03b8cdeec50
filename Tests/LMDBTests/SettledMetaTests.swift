import Testing

@testable import LMDB

/// A meta page that a writer rewrites while it is looked at is never taken for the page of a moment.
@Suite struct SettledMetaTests {
    /// The two pages of a file, into which a writer commits between two looks.
    private struct Pages {
        var moment: Int
        var pages: [MetaPage?]

        init(at moment: Int) throws {
            self.moment = moment
            pages = [nil, nil]
            for commit in [moment - 1, moment] { pages[commit & 1] = try meta(commit) }
        }

        mutating func commit() throws {
            moment += 1
            pages[moment & 1] = try meta(moment)
        }
    }

    /// A page as of a transaction, each of which has another tree; it may have the tree of another.
    private static func meta(_ transaction: Int, tree: Int? = nil) throws -> MetaPage {
        var bytes = [UInt8](repeating: 0, count: MetaPage.byteCount)
        func put<Number: FixedWidthInteger>(_ number: Number, at offset: Int) {
            withUnsafeBytes(of: number.littleEndian) { bytes.replaceSubrange(offset..<(offset + $0.count), with: $0) }
        }
        put(UInt16(8), at: 10)
        put(UInt32(0xBEEF_C0DE), at: 16)
        put(UInt32(1), at: 20)
        put(UInt64(1 << 24), at: 32)
        put(UInt32(4096), at: 40)
        put(UInt64(tree ?? transaction), at: 128)
        put(UInt64(transaction), at: 136)
        put(UInt64(transaction), at: 144)
        return try #require(bytes.withUnsafeBytes { MetaPage($0, number: transaction & 1) })
    }

    /// What is settled on when two commits come while the page of the first moment is looked at.
    private func settled(at moment: Int, firstLook: MetaPage?) throws -> MetaPage {
        var pages = try Pages(at: moment)
        var isFirst = true
        return try MetaPage.settled(of: "data.mdb") {
            pages.moment
        } _: { number in
            guard number == moment & 1, isFirst else { return pages.pages[number] }
            isFirst = false
            try! pages.commit()
            try! pages.commit()
            return firstLook
        }
    }

    @Test(arguments: [10, 11])
    func `A page that is rewritten meanwhile is looked at again`(moment: Int) throws {
        let torn = try Self.meta(moment, tree: moment + 2)
        #expect(try settled(at: moment, firstLook: torn) == Self.meta(moment + 2))
    }

    @Test(arguments: [10, 11])
    func `A page that is not whole while it is rewritten is looked at again`(moment: Int) throws {
        #expect(try settled(at: moment, firstLook: nil) == Self.meta(moment + 2))
    }

    @Test(arguments: [10, 11])
    func `A page that stays is taken while the next commit is written`(moment: Int) throws {
        let (own, next) = (try Self.meta(moment), try Self.meta(moment + 1))
        for other in [next, nil] {
            let meta = try MetaPage.settled(of: "data.mdb", { moment }, { $0 == moment & 1 ? own : other })
            #expect(meta == own)
        }
    }

    @Test(arguments: [10, 11])
    func `A page that stays damaged is an error`(moment: Int) throws {
        let other = try Self.meta(moment - 1)
        let error = #expect(throws: LMDBError.self) {
            try MetaPage.settled(of: "data.mdb", { moment }, { $0 == moment & 1 ? nil : other })
        }
        #expect(error?.description == "data.mdb: page \(moment & 1) is not the meta page of an LMDB file")
    }
}
