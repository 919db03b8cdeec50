/// What became of an upload.
public enum MediaIntakeResult: Sendable {
    /// It is in the store, durably; an event may name it.
    case stored(StoredMedia)

    /// It had no bytes; nothing is left of it.
    case empty

    /// It is of no type that is taken; nothing is left of it.
    case unknownType

    /// It could not be stored now; nothing is left of it.
    case failed(MediaStoreError)
}
