extension [UInt8] {
    /// Lends the bytes to code that throws errors of one type; the library's own calls forget the type.
    func lend<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let result = withUnsafeBytes { bytes in
            Swift.Result { () throws(Failure) in try body(bytes) }
        }
        return try result.get()
    }

    /// Makes an array out of at most `capacity` bytes.
    ///
    /// - Parameter body: writes the bytes, and returns how many there are.
    init<Failure: Error>(
        capacity: Int, _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) {
        var failure: Failure?
        self.init(unsafeUninitializedCapacity: capacity) { buffer, count in
            do throws(Failure) {
                count = try body(UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: capacity))
            } catch { failure = error }
        }
        if let failure { throw failure }
    }
}
