internal import CJansson

extension JSONObject {
    /// Adds a text, or puts it in the place of what had the name.
    public mutating func add(_ name: String, _ text: String) {
        set(name, text.withBytes { json_stringn_nocheck($0.baseAddress, $0.count) })
    }

    /// Adds a whole number, which must fit 64 bits with a sign.
    public mutating func add(_ name: String, _ number: some BinaryInteger) {
        set(name, json_integer(Int64(number)))
    }

    /// Adds an object.
    public mutating func add(_ name: String, _ object: consuming JSONObject) {
        set(name, json_incref(object.json))
    }

    /// The object as a line of UTF-8, its newline included, with the members in the order in which they were added.
    public var line: [UInt8] {
        let flags = Int(JSON_COMPACT)
        let size = json_dumpb(json, nil, 0, flags)
        return [UInt8](unsafeUninitializedCapacity: size + 1) { line, count in
            count = size + 1
            line[size] = UInt8(ascii: "\n")
            let written = line.withMemoryRebound(to: CChar.self) { json_dumpb(json, $0.baseAddress, size, flags) }
            precondition(written == size, "no memory for JSON text")
        }
    }

    /// Hands a value over to the object.
    private func set(_ name: String, _ value: UnsafeMutablePointer<json_t>?) {
        let code = name.withBytes { json_object_setn_new_nocheck(json, $0.baseAddress, $0.count, value) }
        precondition(code == 0, "no memory for a JSON value")
    }
}

extension String {
    fileprivate func withBytes<Result>(_ body: (UnsafeBufferPointer<CChar>) -> Result) -> Result {
        var text = self
        return text.withUTF8 { $0.withMemoryRebound(to: CChar.self, body) }
    }
}
