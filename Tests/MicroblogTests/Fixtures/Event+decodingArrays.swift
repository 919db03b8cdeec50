import Microblog

extension Event {
    /// Decodes what is in arrays, by default of the newest schema.
    static func decode(
        type: UInt8, schema: UInt8? = nil, payload: [UInt8], personal: [UInt8] = []
    ) throws(EventDecodingError) -> Event {
        let schema = schema ?? EventType(code: type)?.schema ?? 1
        let outcome = payload.withUnsafeBytes { payload in
            personal.withUnsafeBytes { personal in
                Result { () throws(EventDecodingError) in
                    try Event.decode(type: type, schema: schema, payload: payload, personal: .plain(personal))
                }
            }
        }
        return try outcome.get()
    }

    /// Decodes what is in an array, when there is no key for its personal part.
    static func decode(
        type: UInt8, schema: UInt8, payload: [UInt8], erased account: AccountID
    ) throws(EventDecodingError) -> Event {
        let outcome = payload.withUnsafeBytes { payload in
            Result { () throws(EventDecodingError) in
                try Event.decode(type: type, schema: schema, payload: payload, personal: .erased(account))
            }
        }
        return try outcome.get()
    }
}
