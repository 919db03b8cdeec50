/// The streams that one event is the next event of: its own first, then those it binds.
///
/// A collection that works each stream out when asked, so that naming them costs no allocation.
public struct BoundStreams: RandomAccessCollection, Sendable {
    private let own: Stream
    private let others: Others

    enum Others: Sendable {
        case none
        case post(PostID)
        case names(Handle, KeyHash?)
        case handles(Handle, Handle)
        case media([MediaID])
    }

    init(_ own: Stream, _ others: Others = .none) {
        self.own = own
        self.others = others
    }

    public var startIndex: Int { 0 }

    public var endIndex: Int {
        switch others {
        case .none: 1
        case .post: 2
        case .names(_, let key): key == nil ? 2 : 3
        case .handles: 3
        case .media(let media): 1 + media.count
        }
    }

    public subscript(index: Int) -> Stream {
        if index == 0 { return own }
        switch (others, index) {
        case (.post(let post), 1): return .post(post)
        case (.names(let handle, _), 1), (.handles(let handle, _), 1), (.handles(_, let handle), 2):
            return .handle(handle)
        case (.names(_, let key?), 2): return .key(key)
        case (.media(let media), _): return .media(media[index - 1])
        default: preconditionFailure("stream \(index) of \(count)")
        }
    }
}
