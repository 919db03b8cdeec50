/// Follows frames one after the other, and says where one does not continue the one before: a pure rule.
struct FrameSequence {
    /// The newest frame so far.
    private(set) var head: JournalHead

    init(after head: JournalHead) { self.head = head }

    /// Takes the next frame.
    ///
    /// - Parameter checksChain: whether the chain is computed anew. Without that the frame's own value is taken.
    /// - Returns: what is wrong with it, and then nothing was taken; `nil` if nothing is.
    mutating func take(_ frame: FrameView, checksChain: Bool) -> String? {
        guard frame.number == head.number + 1 else {
            return "frame \(frame.number) stands where frame \(head.number + 1) is due"
        }
        guard frame.firstPosition == head.position + 1 else {
            return "frame \(frame.number) begins at position \(frame.firstPosition) where \(head.position + 1) is due"
        }
        var chain = head.chain
        if checksChain || frame.recordCount == 0 {
            frame.withRecords { _, record in chain.append(record) }
            guard chain == frame.chain else {
                return "the hash chain of frame \(frame.number), of positions \(frame.firstPosition) to "
                    + "\(frame.lastPosition), is \(frame.chain) where \(chain) is due"
            }
        } else {
            chain = frame.chain
        }
        head = JournalHead(number: frame.number, position: frame.lastPosition, chain: chain)
        return nil
    }
}
