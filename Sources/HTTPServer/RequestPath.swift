import Glibc

/// The path of a request target.
enum RequestPath {
    /// Removes scheme and authority from a target in absolute form, which every server must accept.
    static func bytes(of target: UnsafePointer<CChar>) -> UnsafeBufferPointer<UInt8> {
        let start = UnsafeRawPointer(target).assumingMemoryBound(to: UInt8.self)
        let whole = UnsafeBufferPointer(start: start, count: strlen(target))
        if whole.first == UInt8(ascii: "/") { return whole }
        for scheme: StaticString in ["http://", "https://"] where whole.hasPrefix(caseless: scheme) {
            let authority = UnsafeBufferPointer(rebasing: whole[scheme.utf8CodeUnitCount...])
            guard let slash = authority.firstIndex(of: UInt8(ascii: "/")) else { return root }
            return UnsafeBufferPointer(rebasing: authority[slash...])
        }
        return whole
    }

    private static var root: UnsafeBufferPointer<UInt8> {
        let text: StaticString = "/"
        return UnsafeBufferPointer(start: text.utf8Start, count: 1)
    }
}
