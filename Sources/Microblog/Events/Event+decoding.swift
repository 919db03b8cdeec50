extension Event {
    /// Reads an event of any schema version that a martlet up to this one has written.
    ///
    /// The memory is only borrowed. Rules that may change (the length of a text) are not checked again here.
    ///
    /// - Throws: `unknownType` or `unknownSchema` for what a newer martlet wrote; else what is wrong with which field.
    public static func decode(
        type code: UInt8, schema: UInt8, payload: UnsafeRawBufferPointer, personal: UnsafeRawBufferPointer
    ) throws(EventDecodingError) -> Event {
        guard let type = EventType(rawValue: code) else { throw .unknownType(code, schema: schema) }
        var fields = EventFieldReader(payload, of: type)
        var texts = EventFieldReader(personal, of: type)
        let event: Event
        let last: (EventField, EventField)

        // A layout, once written, keeps its case for ever. When a type gets schema 2, its case for schema 1 stays and
        // makes the event of today out of the old fields.
        switch (type, schema) {
        case (.accountRegistered, 1):
            event = .accountRegistered(
                handle: try fields.handle(.handle), name: DisplayName(stored: try texts.text(.name)),
                role: try fields.code(.role), key: try fields.optionalKey(.keyHash))
            last = (.keyHash, .name)
        case (.keyIssued, 1):
            event = .keyIssued(account: try fields.id(.account), key: try fields.hash(.keyHash))
            last = (.keyHash, .keyHash)
        case (.keyRevoked, 1):
            event = .keyRevoked(try fields.hash(.keyHash))
            last = (.keyHash, .keyHash)
        case (.postPublished, 1):
            event = .postPublished(
                text: try texts.text(.text), replyTo: try fields.optionalPost(.replyTo),
                media: try fields.media(.media))
            last = (.media, .text)
        case (.postDeleted, 1):
            event = .postDeleted(try fields.id(.post))
            last = (.post, .post)
        case (.postLiked, 1):
            event = .postLiked(try fields.id(.post))
            last = (.post, .post)
        case (.postUnliked, 1):
            event = .postUnliked(try fields.id(.post))
            last = (.post, .post)
        case (.accountFollowed, 1):
            event = .accountFollowed(try fields.id(.account))
            last = (.account, .account)
        case (.accountUnfollowed, 1):
            event = .accountUnfollowed(try fields.id(.account))
            last = (.account, .account)
        case (.mediaUploaded, 1):
            event = .mediaUploaded(
                content: try fields.hash(.content), type: try fields.code(.mediaType),
                size: try fields.number(.size, UInt64.self))
            last = (.size, .size)
        case (.mediaAttached, 1):
            event = .mediaAttached(try fields.id(.media), to: try fields.id(.post))
            last = (.post, .post)
        default:
            throw .unknownSchema(schema, of: type)
        }
        try fields.end(after: last.0)
        try texts.end(after: last.1)
        return event
    }
}
