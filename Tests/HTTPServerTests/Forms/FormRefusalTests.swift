import Testing

@testable import HTTPServer

struct FormRefusalTests {
    struct Refused: CustomTestStringConvertible {
        let testDescription: String
        let body: String
        let fault: FormFault

        init(_ body: String, _ fault: FormFault) {
            testDescription = "\(fault)"
            self.body = body
            self.fault = fault
        }

        /// A body whose part has these lines in its head.
        init(head: String, _ fault: FormFault) {
            self.init("--XyZ\r\n\(head)\r\n\r\n123\r\n--XyZ--\r\n", fault)
        }
    }

    private static let file = FormGrammarTests.file
    private static let broken = FormFault.brokenOff(boundary: "XyZ")
    private static let none = FormFault.noDelimiter(boundary: "XyZ")

    static let shapes = [
        Refused("", none), Refused("no form at all", none), Refused("{}\r\n", none), Refused("--Xy", none),
        Refused("--xyz\r\n\(file)\r\n1\r\n--xyz--", none), Refused("\n--XyZ--", none), Refused(" --XyZ--", none),
        Refused("--XyZ", broken), Refused("--XyZ-", broken), Refused("--XyZ \r", broken), Refused("--XyZ\r\n", broken),
        Refused("--XyZ\r\n\(file)", broken), Refused("--XyZ\r\n\(file)\r", broken),
        Refused("--XyZ\r\n\(file)\r\n", broken), Refused("--XyZ\r\n\(file)\r\n123\r\n--Xy", broken),
        Refused("--XyZ\r\n\(file)\r\n123\r\n--XyZ\r\n", broken), Refused("--XyZ\r\n\(file)\r\n123--XyZ--", broken),
        Refused("--XyZ\r\n\(file)\r\n123\n--XyZ--", broken), Refused("--XyZ\r\n\(file)\r\n123\r--XyZ--", broken),
        Refused("--XyZ\r\n\(file)\r\n123\r\n--XyZQ\r\n--XyZ--", .textAfterBoundary(UInt8(ascii: "Q"))),
        Refused("--XyZ\r\n\(file)\r\n123\r\n--XyZ -\r\n--XyZ--", .textAfterBoundary(UInt8(ascii: "-"))),
        Refused("--XyZ\r\n\(file)\r\n123\r\n--XyZ-x\r\n--XyZ--", .textAfterBoundary(UInt8(ascii: "x"))),
        Refused("--XyZabc\r\n--XyZ--", .textAfterBoundary(UInt8(ascii: "a"))),
        Refused("--XyZ\n\(file)\r\n123\r\n--XyZ--", .lineFeedAlone),
        Refused("--XyZ \n\(file)\r\n123\r\n--XyZ--", .lineFeedAlone),
        Refused("--XyZ\r\(file)\r\n123\r\n--XyZ--", .carriageReturnAlone),
        Refused("--XyZ\r\n\(file)\n123\r\n--XyZ--", .lineFeedAlone),
        Refused("--XyZ\r\n\n\(file)\r\n123\r\n--XyZ--", .lineFeedAlone),
        Refused("--XyZ\r\nContent-Type: a/b\n\(file)\r\n123\r\n--XyZ--", .lineFeedAlone),
        Refused("--XyZ\r\nContent-Type: a\r/b\r\n\(file)\r\n123\r\n--XyZ--", .carriageReturnAlone),
        Refused("--XyZ\r\n\r\n123\r\n--XyZ--", .noDisposition),
        Refused(
            String(repeating: "--XyZ\r\n\(file)\r\n\r\n", count: 101) + "--XyZ--",
            .tooManyParts(limit: FormReader.partLimit)),
        Refused("--XyZ\r\nX: \(String(repeating: "x", count: 9000))", .headTooLong(limit: 8192)),
        Refused(
            "--XyZ\r\n\(String(repeating: "X: y\r\n", count: 1400))\(file)\r\n123\r\n--XyZ--",
            .headTooLong(limit: 8192)),
    ]

    static let heads = [
        Refused(head: "Content-Type: image/png", .noDisposition),
        Refused(head: "Content-Disposition: form-data", .noName),
        Refused(head: "Content-Disposition: form-data; filename=\"a\"", .noName),
        Refused(head: "Content-Disposition: form-data; name*=latin1''a", .noName),
        Refused(head: "Content-Disposition: attachment; name=\"file\"", .otherDisposition("attachment")),
        Refused(head: "Content-Disposition:", .otherDisposition("")),
        Refused(
            head: "Content-Disposition: form-data; name=\"a\"; name=\"file\"",
            .malformedDisposition(.repeated("name"))),
        Refused(
            head: "Content-Disposition: form-data; name=\"a\"; NAME*=utf-8''file",
            .malformedDisposition(.repeated("name"))),
        Refused(
            head: "Content-Disposition: form-data; name=a; filename=a; filename=b",
            .malformedDisposition(.repeated("filename"))),
        Refused(head: "Content-Disposition: form-data; name=\"file", .malformedDisposition(.openQuote("name"))),
        Refused(head: "Content-Disposition: form-data; name", .malformedDisposition(.noValue("name"))),
        Refused(
            head: "Content-Disposition: form-data; name=file; filename=my file.png",
            .malformedDisposition(.unquotedCharacter(UInt8(ascii: "f"), parameter: "filename"))),
        Refused(
            head: "Content-Disposition: form-data; name=file; filename=\"a\"b\"",
            .malformedDisposition(.textAfterQuote("filename"))),
        Refused(
            head: "Content-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=file",
            .repeatedLine("Content-Disposition")),
        Refused(head: "Content-Disposition: form-data;\r\n name=\"file\"", .foldedLine),
        Refused(head: " Content-Disposition: form-data; name=\"file\"", .foldedLine),
        Refused(head: "X: y\r\n\tContent-Disposition: form-data; name=\"file\"", .foldedLine),
        Refused(
            head: "Content-Disposition : form-data; name=file",
            .malformedLine("Content-Disposition : form-data; name=file")),
        Refused(head: "\(file)no colon", .malformedLine("no colon")),
        Refused(head: "\(file): x", .malformedLine(": x")),
        Refused(head: "\(file)a b: x", .malformedLine("a b: x")),
        Refused(head: "Content-Disposition: form-data; name=\"file\u{0}\"", .zeroByte),
        Refused(head: "\(file)X: \u{0}", .zeroByte),
        Refused(head: "\(file)Content-Transfer-Encoding: base64", .transferEncoding("base64")),
        Refused(head: "\(file)CONTENT-transfer-encoding:Quoted-Printable ", .transferEncoding("Quoted-Printable")),
        Refused(head: "\(file)Content-Transfer-Encoding:", .transferEncoding("")),
        Refused(
            head: "\(file)Content-Transfer-Encoding: binary\r\nContent-Transfer-Encoding: base64",
            .repeatedLine("Content-Transfer-Encoding")),
    ]

    @Test(arguments: shapes + heads) func `What is no form is refused, with what is wrong, wherever it is cut`(
        form: Refused
    ) {
        let body = Array(form.body.utf8)
        let whole = FormContents(FormGrammarTests.boundary, body)
        #expect(whole.fault == form.fault)
        #expect(!whole.hasEnded)
        #expect(FormContents(FormGrammarTests.boundary, body, cuts: 0..<body.count) == whole)
        for cut in stride(from: 0, through: body.count, by: 1 + body.count / 300) {
            guard FormContents(FormGrammarTests.boundary, body, cuts: [cut]) == whole else {
                Issue.record("cut at \(cut)")
                return
            }
        }
    }

    @Test func `Each refusal has its own words, and none repeats control characters or much of the body`() {
        let faults = (Self.shapes + Self.heads).map(\.fault)
        var words: [String: FormFault] = [:]
        for fault in faults + [.malformedLine(String(repeating: "\u{0}\u{1B}ä", count: 100))] {
            let text = "\(fault)"
            #expect(text.utf8.count < 200, "\(text)")
            #expect(text.utf8.allSatisfy { (0x20..<0x7F).contains($0) }, "\(text)")
            #expect(words[text] == nil || words[text] == fault, "\(text)")
            words[text] = fault
        }
    }

    @Test func `A hundred parts and a head of 8 KiB are taken`() {
        let many = String(repeating: "--XyZ\r\n\(Self.file)\r\n\r\n", count: 100) + "--XyZ--"
        #expect(FormContents(FormGrammarTests.boundary, Array(many.utf8)).parts.count == 100)
        let filler = String(repeating: "x", count: PartHead.lengthLimit - Self.file.utf8.count - 7)
        for (more, fault) in [("", nil), ("x", FormFault.headTooLong(limit: 8192))] {
            let body = Array("--XyZ\r\n\(Self.file)X: \(filler)\(more)\r\n\r\n123\r\n--XyZ--".utf8)
            #expect(FormContents(FormGrammarTests.boundary, body).fault == fault)
            #expect(FormContents(FormGrammarTests.boundary, body, cuts: 0..<body.count).fault == fault)
        }
    }

    @Test func `A fault comes again, whatever follows`() throws {
        var reader = FormReader(FormGrammarTests.boundary)
        for text in ["--XyZ?", "\r\n--XyZ--\r\n", ""] {
            Array(text.utf8).withUnsafeBytes { bytes in
                var bytes = bytes
                do throws(FormFault) {
                    let event = try reader.next(from: &bytes)
                    Issue.record("\(String(describing: event))")
                } catch {
                    #expect(error == .textAfterBoundary(UInt8(ascii: "?")))
                }
            }
        }
        do throws(FormFault) {
            try reader.finish()
            Issue.record("the form is complete")
        } catch {
            #expect(error == .textAfterBoundary(UInt8(ascii: "?")))
        }
    }
}
