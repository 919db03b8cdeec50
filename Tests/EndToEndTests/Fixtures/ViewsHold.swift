import LMDB
import Threads

/// Keeps a server from writing its read models, as another program would: LMDB lets in one writer at a time.
final class ViewsHold {
    private let end = Watermark(0)
    private let thread: OwnedThread

    /// Waits until the server is kept out.
    ///
    /// - Parameter generation: the directory of the read models in use.
    init(_ generation: String) throws {
        let environment = try Environment(path: generation, mapSize: 0, durability: .onSync)
        let isHeld = Watermark(0)
        thread = OwnedThread(name: "views-hold") { [end] in
            try? environment.write { _ in
                isHeld.advance(to: 1)
                _ = end.wait(beyond: 0)
            }
        }
        _ = isHeld.wait(beyond: 0)
    }

    deinit { release() }

    /// Lets the server in.
    func release() {
        end.advance(to: 1)
        thread.join()
    }
}
