import Microblog

extension Event {
    /// Decodes what is in arrays.
    static func decode(
        type: UInt8, schema: UInt8 = 1, payload: [UInt8], personal: [UInt8] = []
    ) throws(EventDecodingError) -> Event {
        let outcome = payload.withUnsafeBytes { payload in
            personal.withUnsafeBytes { personal in
                Result { () throws(EventDecodingError) in
                    try Event.decode(type: type, schema: schema, payload: payload, personal: personal)
                }
            }
        }
        return try outcome.get()
    }
}
