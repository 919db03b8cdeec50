/// Where the bytes of an uploaded file go while they come in, on the loop's thread.
public protocol UploadSink: AnyObject {
    /// Takes the next bytes of the file.
    ///
    /// - Throws: when they cannot be stored. Then the upload ends, and the handler sees the error.
    func write(_ bytes: UnsafeRawBufferPointer) throws

    /// Called at most once, when the file will not be complete. What was stored can be removed.
    ///
    /// Never called once the handler has been given a complete upload.
    func cancel()
}
