import ContractChecks
import Testing

@testable import HTTPAdapter

@Suite struct MediaFormTests {
    @Test(arguments: Transport.allCases) func `What is wrong with a form is told`(transport: Transport) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let position = live.position
            let file = "--X\r\nContent-Disposition: form-data; name=file\r\n\r\n0\r\n"
            let multipart = "multipart/form-data; boundary=X"
            let cases: [(String, String, Int, String)] = [
                ("text/plain", "x", 422, "the body is \"text/plain\"; it must be multipart/form-data"),
                ("multipart/form-data", "x", 422, "Content-Type is multipart/form-data without a boundary"),
                (multipart, "--X--", 422, "the form has no part \"file\""),
                (multipart, file + file + "--X--", 422, "the form has more than one part \"file\"; send one a request"),
                (multipart, file, 400, "the form breaks off: no line \"--X--\" ends it"),
                (multipart, "--X\r\n\r\n\r\n--X--", 400, "a part has no Content-Disposition"),
                (
                    multipart, "--X\r\nX: \(String(repeating: "x", count: 9000))", 413,
                    "the head of a part is longer than 8192 bytes"
                ),
            ]
            for (type, body, status, message) in cases {
                let answer = try ann.post("/api/medias", body, headers: "Content-Type: \(type)\r\n")
                #expect(answer.status == status, "\(message)")
                #expect(answer.json?["error_message"]?.string == message)
            }
            #expect(live.position == position)
        }
    }

    @Test(arguments: Transport.allCases) func `Forms as frameworks write them are taken`(transport: Transport)
        async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let forms = [
                (
                    "multipart/form-data; boundary=\"a-b\"",
                    "Content-Disposition: form-data; name=file; filename=x.png", ""
                ),
                (
                    "multipart/form-data; boundary=a-b; charset=UTF-8", "content-disposition:form-data;name=\"file\"",
                    "\r\n"
                ),
                (
                    "Multipart/Form-Data;charset=UTF-8;Boundary=a-b", "Content-Disposition: form-data; name=file",
                    " The end."
                ),
            ]
            for (type, line, end) in forms {
                let body = Array("--a-b\r\n\(line)\r\n\r\n".utf8) + Picture.png(1) + Array("\r\n--a-b--\(end)".utf8)
                let answer = try ann.call("POST", "/api/medias", body: body, headers: "Content-Type: \(type)\r\n")
                #expect(answer.status == 201, "\(type)")
            }
        }
    }
}
