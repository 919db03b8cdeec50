/// The documents that the program carries with it: the description of its HTTP API, and the page that shows it.
///
/// A target of their own, since the compiler takes its time over large literals.
public enum APIDocuments {
    /// `openapi.json`: OpenAPI 3.1.
    public static var description: [UInt8] { PackageResources.openapi_json }
    /// `docs.html`: a page without outside resources.
    public static var page: [UInt8] { PackageResources.docs_html }
}
