import Bytes
import CMicrohttpd
import Glibc

extension Response {
    /// Turns the answer into the library's form. The library then owns the body.
    ///
    /// - Returns: the value to give to `MHD_destroy_response` after queueing; `nil` when there is no memory.
    consuming func makeHandle() -> OpaquePointer? {
        let headers = headers
        let blockLines = blockLines
        let closesConnection = closesConnection
        guard let handle = Self.makeHandle(takeBody()) else { return nil }
        for (name, value) in blockLines { MHD_add_response_header(handle, name, value) }
        for header in headers { Self.add(header, to: handle) }
        if closesConnection { MHD_add_response_header(handle, "Connection", "close") }
        return handle
    }

    private consuming func takeBody() -> ResponseBody {
        body
    }

    private static func makeHandle(_ body: consuming ResponseBody) -> OpaquePointer? {
        switch consume body {
        case .empty:
            return MHD_create_response_from_buffer(0, nil, .RESPMEM_PERSISTENT)
        case .buffer(let buffer):
            let bytes = buffer.take()
            let handle = MHD_create_response_from_buffer(bytes.count, bytes.baseAddress, .RESPMEM_MUST_FREE)
            if handle == nil { free(bytes.baseAddress) }
            return handle
        case .text(let text):
            let start = UnsafeMutableRawPointer(mutating: text.utf8Start)
            return MHD_create_response_from_buffer(text.utf8CodeUnitCount, start, .RESPMEM_PERSISTENT)
        case .file(let file):
            let offset = file.offset
            let length = file.length
            let descriptor = file.take()
            let handle = MHD_create_response_from_fd_at_offset64(length, descriptor, offset)
            if handle == nil { close(descriptor) }
            return handle
        }
    }

    private static func add(_ header: ResponseHeader, to handle: OpaquePointer) {
        let name = UnsafeRawPointer(header.name.utf8Start).assumingMemoryBound(to: CChar.self)
        switch header.value {
        case .text(let text):
            let value = UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
            MHD_add_response_header(handle, name, value)
        case .string(let text):
            MHD_add_response_header(handle, name, text)
        case .number(let number):
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 21) { digits in
                let start = digits.baseAddress!
                start[Decimal.write(number, to: start)] = 0
                _ = start.withMemoryRebound(to: CChar.self, capacity: 21) {
                    MHD_add_response_header(handle, name, $0)
                }
            }
        }
    }
}
