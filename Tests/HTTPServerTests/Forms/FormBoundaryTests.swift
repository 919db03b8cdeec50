import Testing

@testable import HTTPServer

struct FormBoundaryTests {
    private static let allowed = "'()+_,-./:=? abcdefghijklmnopqrstuvwxyzABCXYZ0123456789"

    private func fault(_ contentType: String?) -> FormFault? {
        do throws(FormFault) {
            _ = try FormBoundary(contentType)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        arguments: [
            ("multipart/form-data; boundary=XyZ", "XyZ"), ("multipart/form-data;boundary=XyZ", "XyZ"),
            ("MULTIPART/Form-Data; Boundary=XyZ", "XyZ"), ("multipart/form-data; BOUNDARY=\"XyZ\"", "XyZ"),
            ("multipart/form-data; boundary=XyZ; charset=utf-8", "XyZ"),
            ("multipart/form-data;charset=UTF-8;boundary=XyZ", "XyZ"), ("multipart/form-data; boundary=X", "X"),
            ("multipart/form-data ; boundary=XyZ;", "XyZ"), ("multipart/form-data; boundary=\"\(allowed)\"", allowed),
            (
                "multipart/form-data; boundary=\(String(repeating: "b", count: 70))", String(repeating: "b", count: 70)
            ),
            ("multipart/form-data; boundary=\"a;boundary=b\"", nil),
        ] as [(String, String?)]) func `A boundary is taken as clients write it`(contentType: String, expected: String?)
    {
        #expect((try? FormBoundary(contentType))?.text == expected)
    }

    @Test(
        arguments: [
            (nil, .noContentType), ("", .otherContentType("")),
            ("application/json", .otherContentType("application/json")),
            ("Application/X-WWW-Form-Urlencoded; x", .otherContentType("application/x-www-form-urlencoded")),
            ("multipart/form-data2; boundary=X", .otherContentType("multipart/form-data2")),
            ("multipart/mixed; boundary=X", .otherContentType("multipart/mixed")),
            ("multipart/form-data, boundary=X", .otherContentType("multipart/form-data, boundary=x")),
            ("multipart/form-data", .noBoundary), ("multipart/form-data; charset=utf-8", .noBoundary),
            ("multipart/form-data; boundary=\"\"", .boundaryLength(0)),
            ("multipart/form-data; boundary=", .malformedContentType(.noValue("boundary"))),
            ("multipart/form-data; boundary=\(String(repeating: "b", count: 71))", .boundaryLength(71)),
            ("multipart/form-data; boundary=X; boundary=X", .malformedContentType(.repeated("boundary"))),
            ("multipart/form-data; boundary=X; Boundary=Y", .malformedContentType(.repeated("boundary"))),
            ("multipart/form-data; boundary=a*b", .boundaryCharacter(UInt8(ascii: "*"))),
            ("multipart/form-data; boundary=\"a;b\"", .boundaryCharacter(UInt8(ascii: ";"))),
            ("multipart/form-data; boundary=\"a \"", .boundaryCharacter(UInt8(ascii: " "))),
            ("multipart/form-data; boundary=\"a\tb\"", .boundaryCharacter(9)),
            ("multipart/form-data; boundary=\"ä\"", .boundaryCharacter(0xC3)),
            (
                "multipart/form-data; boundary=a/b",
                .malformedContentType(.unquotedCharacter(UInt8(ascii: "/"), parameter: "boundary"))
            ),
        ] as [(String?, FormFault)]) func `A boundary that no form can have is refused`(
            contentType: String?, expected: FormFault
        )
    {
        #expect(fault(contentType) == expected)
    }
}
