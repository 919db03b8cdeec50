/// The method of a request.
public enum RequestMethod: Int, CaseIterable, Sendable {
    case get, head, post, put, delete, patch, options, other

    /// The name as it stands in a request; `OTHER` stands for all other names.
    public var name: String { "\(self)".uppercased() }

    /// Reads a method's name; names are case-sensitive.
    init(_ name: UnsafeBufferPointer<UInt8>) {
        self =
            switch name.count {
            case 3 where name.elementsEqual("GET".utf8): .get
            case 3 where name.elementsEqual("PUT".utf8): .put
            case 4 where name.elementsEqual("POST".utf8): .post
            case 4 where name.elementsEqual("HEAD".utf8): .head
            case 5 where name.elementsEqual("PATCH".utf8): .patch
            case 6 where name.elementsEqual("DELETE".utf8): .delete
            case 7 where name.elementsEqual("OPTIONS".utf8): .options
            default: .other
            }
    }
}
