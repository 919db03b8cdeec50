internal import CLinux
import Glibc

/// The sockets of one address, one for each loop. The kernel spreads new connections over them.
struct ListeningSockets {
    let descriptors: [Int32]
    let port: UInt16

    /// Opens `count` sockets on the address.
    ///
    /// The first one is bound and listens *without* `SO_REUSEPORT`: so the kernel refuses it when another process
    /// listens there, even one of the same user that allows sharing. Only after that do the others join it.
    static func open(_ address: ListenAddress, count: Int) throws(HTTPServerError) -> ListeningSockets {
        var descriptors: [Int32] = []
        var address = address
        do throws(HTTPServerError) {
            let first: Int32
            do throws(HTTPServerError) {
                first = try listener(address, shared: false)
            } catch .cannotListen(_, _, EAFNOSUPPORT) where address.host == .any {
                address = ListenAddress(host: .v4("0.0.0.0"), port: address.port)
                first = try listener(address, shared: false)
            }
            descriptors.append(first)
            let port = boundPort(first)
            let settled = ListenAddress(host: address.host, port: port)
            try enable(SO_REUSEPORT, on: first, settled)
            for _ in 1..<max(count, 1) { descriptors.append(try listener(settled, shared: true)) }
            return ListeningSockets(descriptors: descriptors, port: port)
        } catch {
            for descriptor in descriptors { close(descriptor) }
            throw error
        }
    }

    private static func listener(_ address: ListenAddress, shared: Bool) throws(HTTPServerError) -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.family, kind, Int32(IPPROTO_TCP))
        guard descriptor >= 0 else { throw failure(address, "socket") }
        do throws(HTTPServerError) {
            try enable(SO_REUSEADDR, on: descriptor, address)
            if shared { try enable(SO_REUSEPORT, on: descriptor, address) }
            if address.family == AF_INET6 { try onlyIPv6(address.host != .any, on: descriptor, address) }
            let bound = address.withSocketAddress { bind(descriptor, $0, $1) }
            guard bound == 0 else { throw failure(address, "bind") }
            guard listen(descriptor, SOMAXCONN) == 0 else { throw failure(address, "listen") }
            return descriptor
        } catch {
            close(descriptor)
            throw error
        }
    }

    private static func enable(
        _ option: Int32, on descriptor: Int32, _ address: ListenAddress
    ) throws(HTTPServerError) {
        var one: Int32 = 1
        let code = setsockopt(descriptor, SOL_SOCKET, option, &one, socklen_t(MemoryLayout<Int32>.size))
        guard code == 0 else { throw failure(address, "setsockopt") }
    }

    private static func onlyIPv6(
        _ only: Bool, on descriptor: Int32, _ address: ListenAddress
    ) throws(HTTPServerError) {
        var value: Int32 = only ? 1 : 0
        let size = socklen_t(MemoryLayout<Int32>.size)
        let code = setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &value, size)
        guard code == 0 else { throw failure(address, "setsockopt") }
    }

    /// `sin_port` and `sin6_port` have the same place.
    private static func boundPort(_ descriptor: Int32) -> UInt16 {
        var address = sockaddr_in6()
        var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
        withUnsafeMutablePointer(to: &address) { typed in
            typed.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(descriptor, $0, &size) }
        }
        return UInt16(bigEndian: address.sin6_port)
    }

    private static func failure(_ address: ListenAddress, _ call: String) -> HTTPServerError {
        let code = errno
        if code == EADDRINUSE { return .addressInUse(address.description) }
        return .cannotListen(address: address.description, call: call, code: code)
    }
}
