internal import Application

/// Takes an upload's bytes into the media store as they come in.
final class MediaSink: UploadSink {
    let staging: MediaStaging
    /// The file once it is in the store; kept there as long as this is held.
    var stored: StoredMedia?

    init(_ store: MediaStore) throws(APIError) {
        do throws(MediaStoreError) {
            staging = try store.begin()
        } catch {
            throw .unavailable("the upload cannot be stored now: \(error)")
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws { try staging.write(bytes) }

    func cancel() { staging.cancel() }
}
