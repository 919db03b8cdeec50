import CMicrohttpd

extension Exchange {
    /// The first header line of that name, as bytes; `nil` when there is no such line. Names are compared without case.
    public func headerBytes(_ name: StaticString) -> UnsafeBufferPointer<UInt8>? {
        switch source {
        case .connection(let connection): lookUp(connection.handle, name)
        case .memory(let fields): fields.header(name)
        }
    }

    /// The first header line of that name; `nil` when there is none.
    public func header(_ name: StaticString) -> String? {
        headerBytes(name).map { String(decoding: $0, as: UTF8.self) }
    }

    /// A header field: its first line, and how many lines there are, because a field that must stand once is ambiguous
    /// when it stands twice. Names are compared without case.
    public func headerField(_ name: StaticString) -> FieldSearch {
        var found = FieldSearch(name: name, ignoresCase: true)
        switch source {
        case .connection(let connection):
            MHD_get_connection_values_n(connection.handle, .HEADER_KIND, FieldSearch.visit, &found)
        case .memory(let fields): fields.eachHeader { found.note(name: $0, value: $1) }
        }
        return found
    }

    /// All header lines of that name, in their order. Names are compared without case.
    public func headerLines(_ name: StaticString) -> [UnsafeBufferPointer<UInt8>] {
        let lines = HeaderLines(name: name)
        switch source {
        case .connection(let connection):
            let context = Unmanaged.passUnretained(lines).toOpaque()
            MHD_get_connection_values_n(connection.handle, .HEADER_KIND, HeaderLines.visit, context)
        case .memory(let fields): fields.eachHeader { lines.note(name: $0, value: $1) }
        }
        return lines.all
    }

    /// A query parameter: its first value, percent-decoded, and how often it is in the target, because a parameter that
    /// is given twice is ambiguous. A parameter without `=` has an empty value.
    public func queryField(_ name: StaticString) -> FieldSearch {
        var found = FieldSearch(name: name)
        switch source {
        case .connection(let connection):
            MHD_get_connection_values_n(connection.handle, .GET_ARGUMENT_KIND, FieldSearch.visit, &found)
        case .memory(let fields): fields.search(&found)
        }
        return found
    }

    /// The first value of a query parameter, percent-decoded; `nil` when it is absent.
    public func query(_ name: StaticString) -> String? {
        queryField(name).first.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The path as text. Bytes that are not UTF-8 are replaced.
    public var pathText: String {
        String(decoding: path, as: UTF8.self)
    }

    private func lookUp(_ handle: OpaquePointer, _ name: StaticString) -> UnsafeBufferPointer<UInt8>? {
        let key = UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
        var value: UnsafePointer<CChar>?
        var count = 0
        let found = MHD_lookup_connection_value_n(
            handle, .HEADER_KIND, key, name.utf8CodeUnitCount, &value, &count)
        guard found == .YES else { return nil }
        return UnsafeBufferPointer(
            start: UnsafeRawPointer(value)?.assumingMemoryBound(to: UInt8.self), count: value == nil ? 0 : count)
    }
}
