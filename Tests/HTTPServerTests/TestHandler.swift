import Glibc
import Threads

@testable import HTTPServer

/// Routes that show one ability of the core each.
final class TestHandler: RequestHandler {
    private let record: TestRecord

    init(_ record: TestRecord) { self.record = record }

    func begin(_ exchange: Exchange) -> BodyPlan {
        switch exchange.pathText {
        case "/echo": return .collect(limit: 100_000) { self.handle($0) }
        case "/upload":
            return .file(part: "file", limit: 1_000_000, sink: TestSink(record, failsAt: nil)) { self.handle($0) }
        case "/full":
            return .file(part: "file", limit: 1_000_000, sink: TestSink(record, failsAt: 1000)) { self.handle($0) }
        case "/refused":
            exchange.respond(errorResponse(status: 401, type: "unauthorized", message: "no key"))
            return .done
        default:
            if exchange.hasBody { return .discard { self.handle($0) } }
            handle(exchange)
            return .done
        }
    }

    private func handle(_ exchange: Exchange) {
        record.handled.withLock { $0 += 1 }
        switch exchange.pathText {
        case "/hello": exchange.respond(Response(status: 200, contentType: "text/plain", text: "hello"))
        case "/echo": echo(exchange)
        case "/upload", "/full": describeUpload(exchange)
        case "/fields": describeFields(exchange)
        case "/bytes": sendBytes(exchange)
        case "/file": sendFile(exchange)
        case "/peer":
            var body = ResponseBuffer()
            body.append(text: "\(exchange.peer)")
            exchange.respond(Response(status: 200, contentType: "text/plain", body: body))
        case "/silent": break
        case "/suspended": record.suspensions.put(exchange.suspend())
        case "/dropped": _ = exchange.suspend()
        case "/twice": suspendTwice(exchange)
        case let path where path.hasPrefix("/path/") || path == "*" || path == "/": sendText(exchange, path)
        case "/blocked":
            record.isBlocked.put(true)
            _ = record.unblock.take()
            exchange.respond(Response(status: 204))
        default: exchange.respond(errorResponse(status: 404, type: "not_found", message: "nothing here"))
        }
    }

    func errorResponse(status: Int, type: StaticString, message: String) -> Response {
        var body = ResponseBuffer()
        body.append("{\"error\":\"")
        body.append(type)
        body.append("\"}")
        return Response(status: status, contentType: "application/json", body: body)
    }

    func tick() { record.ticks.withLock { $0 += 1 } }

    private func echo(_ exchange: Exchange) {
        var body = ResponseBuffer()
        exchange.body.withUnsafeBytes { body.append($0) }
        exchange.respond(Response(status: 200, contentType: "application/octet-stream", body: body))
    }

    private func describeUpload(_ exchange: Exchange) {
        let upload = exchange.upload!
        var body = ResponseBuffer()
        switch upload.outcome {
        case .complete: body.append("complete")
        case .refused(let fault): body.append(text: "\(fault.kind)")
        case .failed: body.append("failed")
        }
        body.append(text: " \(upload.fileName ?? "-") \(upload.byteCount)")
        exchange.respond(Response(status: 200, contentType: "text/plain", body: body))
    }

    private func describeFields(_ exchange: Exchange) {
        var body = ResponseBuffer()
        body.append(text: "\(exchange.method) \(exchange.header("X-Name") ?? "-") \(exchange.query("a") ?? "-") ")
        body.append(decimal: exchange.queryField("a").count)
        var response = Response(status: 200, contentType: "text/plain", body: body)
        response.add("X-Number", number: 18_446_744_073_709_551_615)
        response.add("X-String", string: "böse")
        exchange.respond(response)
    }

    private func sendText(_ exchange: Exchange, _ text: String) {
        var body = ResponseBuffer()
        body.append(text: text)
        exchange.respond(Response(status: 200, contentType: "text/plain", body: body))
    }

    private func sendBytes(_ exchange: Exchange) {
        let count = exchange.query("count").flatMap { Int($0) } ?? 0
        exchange.share.account = exchange.query("account").flatMap { UInt64($0) } ?? 0
        exchange.share.address = exchange.query("address").flatMap { UInt64($0) }
        guard exchange.hasRoomForAnswer else {
            return exchange.respond(errorResponse(status: 429, type: "too_many_requests", message: "read first"))
        }
        var body = ResponseBuffer(capacity: count)
        Array(UInt8.min ... .max).withUnsafeBytes { run in
            for start in stride(from: 0, to: count, by: run.count) {
                body.append(UnsafeRawBufferPointer(rebasing: run.prefix(count - start)))
            }
        }
        exchange.respond(Response(status: 200, contentType: "application/octet-stream", body: body))
    }

    private func sendFile(_ exchange: Exchange) {
        let descriptor = open(exchange.query("path")!, O_RDONLY | O_CLOEXEC)
        let file = ResponseFile(
            descriptor: descriptor, offset: UInt64(exchange.query("offset")!)!,
            length: UInt64(exchange.query("length")!)!)
        exchange.respond(Response(status: 206, contentType: "image/png", file: file))
    }

    private func suspendTwice(_ exchange: Exchange) {
        exchange.suspend().resume { exchange in
            exchange.suspend().resume { exchange in
                exchange.respond(Response(status: 200, contentType: "text/plain", text: "twice"))
            }
        }
    }
}
