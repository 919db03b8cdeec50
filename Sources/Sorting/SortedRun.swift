/// One sorted run in a spill file, read in pieces.
struct SortedRun {
    private let file: SpillFile
    private var offset: Int
    private let end: Int
    private var buffer: UnsafeMutableBufferPointer<SortEntry>
    private var place = 0
    private var filled = 0

    /// - Parameter buffer: where the pieces are read to; lent by the caller, for as long as the run is read.
    init(_ file: SpillFile, _ range: Range<Int>, _ buffer: UnsafeMutableBufferPointer<SortEntry>) {
        self.file = file
        offset = range.lowerBound
        end = range.upperBound
        self.buffer = buffer
    }

    /// The next entry, or `nil` at the run's end.
    @inline(__always)
    mutating func next() throws(SortingError) -> SortEntry? {
        if place == filled {
            try fill()
            if filled == 0 { return nil }
        }
        defer { place += 1 }
        return buffer[place]
    }

    private mutating func fill() throws(SortingError) {
        let size = min(end - offset, buffer.count * MemoryLayout<SortEntry>.stride)
        try file.read(at: offset, into: UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: size))
        offset += size
        filled = size / MemoryLayout<SortEntry>.stride
        place = 0
    }
}
