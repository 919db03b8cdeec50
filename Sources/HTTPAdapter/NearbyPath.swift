internal import HTTPServer

/// Tells who asked for a path where there is nothing which one was meant: a path with a slash at its end is another
/// path, and so is one in capital letters.
struct NearbyPath {
    /// Longer paths are not looked at.
    private static let longest = 256

    private let path: [UInt8]
    private let table: RouteTable
    private let webRoot: WebRoot?

    /// - Parameter path: where there is nothing.
    init(_ path: UnsafeBufferPointer<UInt8>, _ table: RouteTable, _ webRoot: WebRoot?) {
        self.path = path.count <= Self.longest ? Array(path) : []
        self.table = table
        self.webRoot = webRoot
    }

    /// The error for the path, with a hint if a path like it exists.
    var error: APIError {
        let nothing = "there is nothing at this path"
        guard path.first == Self.slash else { return .notFound(nothing) }
        var reasons: [String] = []
        if path.count > 1, path.last == Self.slash { reasons.append("without a slash at its end") }
        let (single, isDoubled) = withSingleSlashes
        if isDoubled { reasons.append("with single slashes") }
        if !reasons.isEmpty, leadsSomewhere(single) { return .notFound(Self.hint(nothing, single, reasons)) }
        let small = single.map { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") ? $0 | 0x20 : $0 }
        guard small != single, leadsSomewhere(small) else { return .notFound(nothing) }
        return .notFound(Self.hint(nothing, small, reasons + ["in small letters"]))
    }

    private static let slash = UInt8(ascii: "/")

    private static func hint(_ nothing: String, _ path: [UInt8], _ reasons: [String]) -> String {
        "\(nothing); it is \(String(decoding: path, as: UTF8.self)), \(reasons.joined(separator: " and "))"
    }

    /// The path without slashes that follow another one or end it, and whether there were two in a row.
    private var withSingleSlashes: (path: [UInt8], isDoubled: Bool) {
        var (single, isDoubled): ([UInt8], Bool) = ([], false)
        for byte in path {
            if byte == Self.slash, single.last == Self.slash { isDoubled = true } else { single.append(byte) }
        }
        if single.count > 1, single.last == Self.slash { single.removeLast() }
        return (single, isDoubled)
    }

    private func leadsSomewhere(_ path: [UInt8]) -> Bool {
        path.withUnsafeBufferPointer { bytes in
            guard let resource = table.match(bytes).resource else { return false }
            return resource !== table.elsewhere || WebRoot.hasPage(bytes, webRoot)
        }
    }
}
