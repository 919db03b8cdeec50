/// A `multipart/form-data` body.
public struct MultipartForm {
    /// The value of its `Content-Type` header.
    public static let contentType = "multipart/form-data; boundary=martlet-test-boundary"
    private static let boundary = "--martlet-test-boundary"
    private var bytes: [UInt8] = []

    public init() {}

    /// A form with one part.
    public init(_ name: String, _ content: [UInt8], fileName: String = "x.bin") {
        add(name, content, fileName: fileName)
    }

    /// Adds a part.
    public mutating func add(_ name: String, _ content: [UInt8], fileName: String? = nil) {
        let file = fileName.map { "; filename=\"\($0)\"" } ?? ""
        bytes += "\(Self.boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\(file)\r\n\r\n".utf8
        bytes += content
        bytes += "\r\n".utf8
    }

    /// The whole body.
    public var body: [UInt8] { bytes + Array("\(Self.boundary)--\r\n".utf8) }
}
