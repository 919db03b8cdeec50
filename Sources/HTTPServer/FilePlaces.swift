import Synchronization

/// How many files may be open at once for answers and uploads. Each takes a descriptor beside that of its connection, and
/// without a bound they would take those that new connections need.
public final class FilePlaces: Sendable {
    private let limit: Int
    private let taken = Atomic(0)

    /// - Parameter limit: how many places there are.
    public init(limit: Int) { self.limit = limit }

    /// As many as a server keeps descriptors back for, of all that this process may open.
    public convenience init() { self.init(limit: OpenFiles.forFiles) }

    /// Takes a place; `nil` when all are taken. It is free again when nobody holds it.
    public func take() -> FilePlace? {
        guard taken.wrappingAdd(1, ordering: .relaxed).newValue <= limit else {
            free()
            return nil
        }
        return FilePlace(self)
    }

    fileprivate func free() { taken.wrappingSubtract(1, ordering: .relaxed) }
}

/// The right to have a file open.
public final class FilePlace: Sendable {
    private let places: FilePlaces

    fileprivate init(_ places: FilePlaces) { self.places = places }

    deinit {
        places.free()
    }
}
