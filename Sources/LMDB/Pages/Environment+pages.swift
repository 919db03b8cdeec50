import Glibc

/// What a ``PageSnapshot`` needs to know about the data file.
extension Environment {
    private func metaPage(_ number: Int) -> MetaPage? {
        let bytes = UnsafeRawBufferPointer(start: map.start + number * map.pageSize, count: MetaPage.byteCount)
        guard let meta = MetaPage(bytes, number: number), meta.pageSize == map.pageSize else { return nil }
        return meta
    }

    /// The meta page of a moment that stays.
    ///
    /// - Parameter begin: begins a transaction, in place of the one before if there is one, and returns its number.
    /// - Throws: ``LMDBError`` when the page that leads to it is damaged.
    func settledMeta(_ begin: () throws(LMDBError) -> Int) throws(LMDBError) -> MetaPage {
        try MetaPage.settled(of: map.path, begin, metaPage)
    }

    func pageFile(_ meta: MetaPage) throws(LMDBError) -> PageFile {
        var status = stat()
        guard stat(map.path, &status) == 0 else { throw LMDBError(code: errno, operation: "stat", subject: map.path) }
        // LMDB may leave the last pages unwritten while nothing refers to them.
        let there = UInt64(min(Int(status.st_size), map.byteCount) / map.pageSize)
        return PageFile(
            path: map.path, start: map.start, pageSize: map.pageSize, count: min(meta.lastPage + 1, there))
    }

    /// Goes through all rows of a data file that ends before its last page. This takes as long as reading the file.
    ///
    /// - Throws: ``LMDBError/cutShort`` when the page of a row is missing or wrong.
    func checkAllPages() throws(LMDBError) {
        do throws(LMDBError) {
            let pages = try PageSnapshot(self)
            for table in try pages.tables() {
                var cursor = pages.cursor(table)
                while try cursor.next() != nil {}
            }
        } catch {
            guard error.isCorruption else { throw error }
            throw LMDBError(code: LMDBError.cutShort, operation: "fstat", subject: map.path)
        }
    }

    /// Refuses a data file with meta pages that LMDB would trust with fatal results. A file that does not exist yet is
    /// fine.
    static func checkMetaPages(_ file: String) throws(LMDBError) {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { Glibc.close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_size > 0 else { return }
        var size = 0
        for number in 0...1 {
            var bytes = [UInt8](repeating: 0, count: MetaPage.byteCount)
            let count = pread(descriptor, &bytes, bytes.count, off_t(number * size))
            // If it cannot be read at all, LMDB will notice and say why.
            guard count >= 0 else { return }
            guard count == bytes.count,
                let meta = bytes.withUnsafeBytes({ MetaPage($0, number: number) }),
                number == 0 || meta.pageSize == size
            else { throw .damagedMeta(number, of: file) }
            size = meta.pageSize
        }
    }
}

extension LMDBError {
    static func damagedMeta(_ number: Int, of file: String) -> LMDBError {
        LMDBError(page: UInt64(number), of: file, "is not the meta page of an LMDB file")
    }
}
