import ContractChecks
import Testing

@testable import HTTPServer

struct FieldTests {
    @Test func `Headers and query are read`() throws {
        try TestServer.run { server in
            let client = try server.connect()
            let response = try client.get("/fields?b=2&a=x%20y+z&a=2&A=3", headers: "x-nAME: value\r\n")
            #expect(response.text == "get value x y z 2")
            #expect(response["X-Number"] == "18446744073709551615")
            #expect(response["X-String"] == "böse")
        }
    }

    @Test func `What is absent is nil`() throws {
        try TestServer.run { server in
            let client = try server.connect()
            #expect(try client.get("/fields").text == "get - - 0")
            #expect(try client.get("/fields?a").text == "get -  1")
            #expect(try client.get("/fields?a=").text == "get -  1")
            #expect(try client.get("/fields?A=1").text == "get - - 0")
        }
    }

    @Test func `Methods are told`() throws {
        try TestServer.run { server in
            let client = try server.connect()
            for method in ["get", "post", "put", "delete", "patch", "options"] {
                #expect(try client.get("/fields", method: method.uppercased()).text == "\(method) - - 0")
            }
            #expect(try client.get("/fields", method: "BREW").text == "other - - 0")
            #expect(try client.get("/fields", method: "Get").text == "other - - 0")
        }
    }

    @Test func `The path is decoded`() throws {
        try TestServer.run { server in
            let client = try server.connect()
            #expect(try client.get("/%68ell%6f").text == "hello")
            #expect(try client.get("/hello%2500").status == 404)
        }
    }

    @Test func `A target in absolute form is taken`() throws {
        try TestServer.run { server in
            let client = try server.connect()
            #expect(try client.get("http://test/hello?a=1").text == "hello")
            #expect(try client.get("HTTPS://test:80/fields?a=1").text == "get - 1 1")
            #expect(try client.get("http://test").text == "/")
            #expect(try client.get("*", method: "OPTIONS").text == "*")
        }
    }
}
