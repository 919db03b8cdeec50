import Glibc

/// The method of a request.
public enum RequestMethod: Int, CaseIterable, Sendable {
    case get, head, post, put, delete, patch, options, other

    /// The name as it stands in a request; `OTHER` stands for all other names.
    public var name: String { "\(self)".uppercased() }

    /// Reads a method's name; names are case-sensitive.
    public init(_ name: UnsafePointer<CChar>) {
        self =
            if strcmp(name, "GET") == 0 {
                .get
            } else if strcmp(name, "POST") == 0 {
                .post
            } else if strcmp(name, "DELETE") == 0 {
                .delete
            } else if strcmp(name, "HEAD") == 0 {
                .head
            } else if strcmp(name, "PUT") == 0 {
                .put
            } else if strcmp(name, "PATCH") == 0 {
                .patch
            } else if strcmp(name, "OPTIONS") == 0 {
                .options
            } else {
                .other
            }
    }
}
