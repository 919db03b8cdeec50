import CMicrohttpd

extension Response {
    /// The answer as it stands on the wire, for the only case in which the library does not write it.
    borrowing func serialized() -> ResponseBuffer {
        var message = ResponseBuffer()
        message.append("HTTP/1.1 ")
        message.append(decimal: status)
        message.append(" ")
        message.append(text: String(cString: MHD_get_reason_phrase_for(UInt32(status))))
        message.append("\r\nConnection: close\r\n")
        message.append(headerBlock)
        message.append("Content-Length: ")
        message.append(decimal: sendableLength)
        for header in headers {
            message.append("\r\n")
            message.append(header.name)
            message.append(": ")
            switch header.value {
            case .text(let text): message.append(text)
            case .string(let text): message.append(text: text)
            case .number(let number): message.append(decimal: number)
            }
        }
        message.append("\r\n\r\n")
        switch body {
        case .buffer(let buffer): message.append(buffer.bytes)
        case .text(let text): message.append(text)
        case .empty: break
        case .file: break
        }
        return message
    }

    /// Files are not errors, so they are not written this way.
    private var sendableLength: UInt64 {
        switch body {
        case .file: 0
        default: length
        }
    }
}
