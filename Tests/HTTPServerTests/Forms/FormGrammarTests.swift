import Testing

@testable import HTTPServer

/// Bytes in, parts out.
struct FormGrammarTests {
    /// A legal body with the boundary `XyZ`, and what is in it.
    struct Legal: CustomTestStringConvertible {
        let testDescription: String
        let body: String
        let parts: [FormContents.Part]

        init(_ what: String, _ body: String, _ parts: [FormContents.Part]) {
            testDescription = what
            self.body = body
            self.parts = parts
        }

        /// A body with one part whose head has this line.
        init(_ what: String, line: String, _ name: String, _ fileName: String?) {
            self.init(
                what, "--XyZ\r\n\(line)\r\n\r\n123\r\n--XyZ--\r\n", [FormGrammarTests.part(name, fileName, "123")])
        }
    }

    static let boundary = try! FormBoundary("multipart/form-data; boundary=XyZ")
    static let file = "Content-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n"

    static func part(_ name: String, _ fileName: String?, _ content: String) -> FormContents.Part {
        FormContents.Part(name: name, fileName: fileName, content: Array(content.utf8), isWhole: true)
    }

    private static let one = [part("file", "a.png", "123")]

    static let shapes = [
        Legal("no parts", "--XyZ--\r\n", []), Legal("no parts, and no line end", "--XyZ--", []),
        Legal("no parts after a preamble", "preamble\r\n--XyZ--", []),
        Legal("one part", "--XyZ\r\n\(file)\r\n123\r\n--XyZ--\r\n", one),
        Legal("no line end after the last boundary", "--XyZ\r\n\(file)\r\n123\r\n--XyZ--", one),
        Legal("empty lines at the end", "--XyZ\r\n\(file)\r\n123\r\n--XyZ--\r\n\r\n\r\n", one),
        Legal("an epilogue", "--XyZ\r\n\(file)\r\n123\r\n--XyZ--\r\nThe end.\n\r\u{0}", one),
        Legal("an epilogue on the same line", "--XyZ\r\n\(file)\r\n123\r\n--XyZ-- The end.", one),
        Legal("a form in the epilogue", "--XyZ\r\n\(file)\r\n123\r\n--XyZ--\r\n--XyZ\r\n\(file)\r\n45\r\n--XyZ--", one),
        Legal("an empty line before", "\r\n--XyZ\r\n\(file)\r\n123\r\n--XyZ--\r\n", one),
        Legal("a preamble", "This is\n a form.\r\n--Xy\r\r\n--XyZ\r\n\(file)\r\n123\r\n--XyZ--\r\n", one),
        Legal("the boundary inside of the preamble's line", "a--XyZ\r\n--XyZ\r\n\(file)\r\n123\r\n--XyZ--\r\n", one),
        Legal("padding", "--XyZ \t \r\n\(file)\r\n123\r\n--XyZ--\t \r\n", one),
        Legal("an empty part", "--XyZ\r\n\(file)\r\n\r\n--XyZ--\r\n", [part("file", "a.png", "")]),
        Legal("a part without even an empty line", "--XyZ\r\n\(file)\r\n--XyZ--\r\n", [part("file", "a.png", "")]),
        Legal("content of line ends", "--XyZ\r\n\(file)\r\n\r\n\r\n\r\n--XyZ--", [part("file", "a.png", "\r\n\r\n")]),
        Legal(
            "content that begins like a boundary", "--XyZ\r\n\(file)\r\n--XyY\r\n-\r\n--XyZ--",
            [part("file", "a.png", "--XyY\r\n-")]),
        Legal(
            "content full of beginnings of the boundary",
            "--XyZ\r\n\(file)\r\n\r\n--Xy\r\n--X\r\r\n\r\n--\r\n-\n--XyZ--XyZ\r--XyZ\r\r\n--XyZ--",
            [part("file", "a.png", "\r\n--Xy\r\n--X\r\r\n\r\n--\r\n-\n--XyZ--XyZ\r--XyZ\r")]),
        Legal(
            "fields beside the file",
            "--XyZ\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nhi\r\n--XyZ\r\n\(file)\r\n123\r\n"
                + "--XyZ\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\n\r\n--XyZ--\r\n",
            [part("title", nil, "hi"), part("file", "a.png", "123"), part("title", nil, "")]),
        Legal(
            "other lines in the head",
            "--XyZ\r\nContent-Type: text/plain; =broken;;\r\nX: \"\r\nX:\r\n\(file)content-length: 9\r\n"
                + "Content-Transfer-Encoding: BINARY \r\n\r\n123\r\n--XyZ--",
            one),
        Legal(
            "encodings that change nothing",
            ["7bit", "8Bit", "binary"].map { "--XyZ\r\nContent-Transfer-Encoding:\($0)\r\n\(file)\r\n123\r\n" }.joined()
                + "--XyZ--",
            one + one + one),
    ]

    static let names = [
        Legal("quoted", line: #"Content-Disposition: form-data; name="file"; filename="a b.png""#, "file", "a b.png"),
        Legal("without quotes", line: "Content-Disposition: form-data; name=file; filename=a.png", "file", "a.png"),
        Legal("without blanks", line: #"Content-Disposition:form-data;name="file";filename=x"#, "file", "x"),
        Legal("many blanks", line: "Content-Disposition: \t form-data \t;\t name=file ; filename=x \t", "file", "x"),
        Legal("other order and case", line: #"CONTENT-disposition: Form-Data; FileName="x"; NAME="f""#, "f", "x"),
        Legal("no file name", line: "Content-Disposition: form-data; name=file", "file", nil),
        Legal("no file chosen", line: #"Content-Disposition: form-data; name="file"; filename="""#, "file", ""),
        Legal("an empty name", line: #"Content-Disposition: form-data; name="""#, "", nil),
        Legal("case of the name", line: "Content-Disposition: form-data; name=File", "File", nil),
        Legal("other parameters", line: "Content-Disposition: form-data; size=3; name=file; x=\"y\";", "file", nil),
        Legal(
            "semicolons in quotes", line: #"Content-Disposition: form-data; name="a; name=file; b"; filename=";""#,
            "a; name=file; b", ";"),
        Legal(
            "quotes in quotes", line: #"Content-Disposition: form-data; name="a\"; name=\"file"; filename="%22x%22""#,
            #"a"; name="file"#, #""x""#),
        Legal(
            "the name inside of the file's",
            line: #"Content-Disposition: form-data; filename="; name=\"b\""; name=file"#,
            "file", #"; name="b""#),
        Legal(
            "percent signs", line: #"Content-Disposition: form-data; name="fi%6ce"; filename="100%25%0D%2.png""#,
            "fi%6ce", "100%25%0D%2.png"),
        Legal("percent without quotes", line: "Content-Disposition: form-data; name=a%22", "a%22", nil),
        Legal(
            "backslashes", line: #"Content-Disposition: form-data; name=file; filename="C:\a\\b""#, "file", #"C:\a\b"#),
        Legal(
            "UTF-8", line: #"Content-Disposition: form-data; name="größe"; filename="файл.png""#, "größe", "файл.png"),
        Legal(
            "an extended name of the file",
            line: "Content-Disposition: form-data; name=file; filename=\"x\"; filename*=utf-8''na%C3%AFve%20%22.png",
            "file", "naïve \".png"),
        Legal(
            "an extended name of the file before the plain one",
            line: "Content-Disposition: form-data; FILENAME*=UTF-8'en'%e2%82%AC; filename=x; name=file", "file", "€"),
        Legal(
            "only an extended name of the file",
            line: "Content-Disposition: form-data; name=file; filename*=UTF-8''a'b",
            "file", "a'b"),
        Legal("an extended name", line: "Content-Disposition: form-data; name*=utf-8''gr%C3%B6%C3%9Fe", "größe", nil),
        Legal(
            "an extended value in another character set",
            line: "Content-Disposition: form-data; name=file; filename=x; filename*=iso-8859-1''%E4", "file", "x"),
        Legal(
            "extended values that cannot be decoded",
            line: "Content-Disposition: form-data; name=f; filename*=utf-8''%E4",
            "f", nil),
        Legal(
            "an extended value with a control character",
            line: "Content-Disposition: form-data; name=f; filename=x; filename*=utf-8''%00%0A", "f", "x"),
        Legal(
            "a backslash at the end of a browser's names",
            line: #"Content-Disposition: form-data; name="a\"; filename="C:\b\""#, #"a\"#, #"C:\b\"#),
        Legal(
            "control characters, which browsers do not escape",
            line: "Content-Disposition: form-data; name=f; filename=\"a\tb\u{1D}c\u{7F}\"", "f", "a\tb\u{1D}c\u{7F}"),
        Legal(
            "an extended value that breaks off",
            line: "Content-Disposition: form-data; name=f; filename=x; filename*=utf-8''a%2", "f", "x"),
        Legal(
            "an extended value without a character set",
            line: "Content-Disposition: form-data; name=f; filename=x; filename*=abc", "f", "x"),
    ]

    @Test(arguments: shapes) func `A legal form is read, wherever it is cut once or twice`(form: Legal) {
        let body = Array(form.body.utf8)
        let expected = FormContents(parts: form.parts)
        #expect(FormContents(Self.boundary, body) == expected)
        #expect(FormContents(Self.boundary, body, cuts: 0..<body.count) == expected)
        for first in 0...body.count {
            // Three pieces matter when the one between is within a boundary with its line ends, or a line's end.
            for second in first...min(first + 12, body.count) {
                let cut = FormContents(Self.boundary, body, cuts: [first, second])
                guard cut == expected else {
                    Issue.record("cut at \(first) and \(second): \(cut)")
                    return
                }
            }
        }
    }

    @Test(arguments: names) func `The names of a part and its file are read, wherever the form is cut`(form: Legal) {
        let body = Array(form.body.utf8)
        let expected = FormContents(parts: form.parts)
        #expect(FormContents(Self.boundary, body) == expected)
        #expect(FormContents(Self.boundary, body, cuts: 0..<body.count) == expected)
        for cut in 0...body.count {
            guard FormContents(Self.boundary, body, cuts: [cut]) == expected else {
                Issue.record("cut at \(cut)")
                return
            }
        }
    }

    @Test(arguments: [
        "X", "-", "--", "a b", "'()+_,-./:=?", String(repeating: "-", count: 70), String(repeating: "Ab1", count: 23),
    ]) func `Any boundary ends a part, and no beginning of it does`(text: String) throws {
        let boundary = try FormBoundary("multipart/form-data; boundary=\"\(text)\"")
        var content = "--\(text.dropLast())"
        for count in 0..<text.count { content += "\r\n--\(text.prefix(count))" }
        content += "\r\r\n\n-\(text)\r\n\r\n"
        let body = Array("--\(text)\r\n\(Self.file)\r\n\(content)\r\n--\(text)--".utf8)
        let expected = FormContents(parts: [Self.part("file", "a.png", content)])
        #expect(FormContents(boundary, body) == expected)
        for cut in 0...body.count { #expect(FormContents(boundary, body, cuts: [cut]) == expected) }
    }
}
