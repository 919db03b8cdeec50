/// Bodies as clients send them: a text field `title` and a picture `file`, or the picture alone.
struct ClientForm: CustomStringConvertible {
    /// The client.
    let description: String
    /// The value of `Content-Type`.
    let contentType: String
    let body: [UInt8]
    /// The file's name as the server has it.
    let fileName: String
    let hasTitle: Bool

    /// The first bytes of a PNG: they have a line end in them.
    static let picture: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// - Parameter text: the body, with `%PNG` for the picture and lines that end with LF, which stands for CR LF.
    init(_ client: String, _ contentType: String, fileName: String = "swift.png", _ text: String) {
        description = client
        self.contentType = contentType
        self.fileName = fileName
        hasTitle = text.contains("title")
        let sides = text.replacing("\n", with: "\r\n").split(separator: "%PNG", omittingEmptySubsequences: false)
        body = Array(sides[0].utf8) + Self.picture + Array(sides[1].utf8)
    }
}
