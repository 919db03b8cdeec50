import Testing

@testable import HTTPServer

struct ParameterizedValueTests {
    private func read(_ text: String) throws(ParameterFault) -> [String] {
        try ParameterizedValue(Array(text.utf8)[...]).parameters().map {
            "\($0.name)=\($0.isQuoted ? "quoted " : "")\(String(decoding: $0.value, as: UTF8.self))"
        }
    }

    private func fault(_ text: String) -> ParameterFault? {
        do throws(ParameterFault) {
            _ = try read(text)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        ("multipart/form-data", "multipart/form-data"), (" \tForm-DATA \t; x=y", "form-data"), ("", ""), (";a=b", ""),
        ("a b/c;", "a b/c"), ("  ", ""),
    ]) func `The word ends at the first semicolon, without white space and in small letters`(
        text: String, word: String
    ) {
        #expect(ParameterizedValue(Array(text.utf8)[...]).word == word)
    }

    @Test(arguments: [
        ("a", []), ("a;", []), ("a; ;;\t; ", []), ("a;b=c", ["b=c"]), ("a ; b=c ; d=e ", ["b=c", "d=e"]),
        ("a;Name=Value", ["name=Value"]), ("a;b=\"\"", ["b=quoted "]),
        ("a; b=\"c;d=e\"; f=\"g, h\"", ["b=quoted c;d=e", "f=quoted g, h"]),
        (#"a; b="say \"hi\"""#, [#"b=quoted say "hi""#]), (#"a; b="c:\d\\e""#, [#"b=quoted c:\d\e"#]),
        (#"a; b="\\""#, [#"b=quoted \"#]), ("a; b*=utf-8''c%20d", ["b*=utf-8''c%20d"]),
        ("a; b=\"größe\"", ["b=quoted größe"]), ("a; b={c}", ["b={c}"]),
    ]) func `Parameters are read`(text: String, expected: [String]) throws {
        #expect(try read(text) == expected)
    }

    @Test(
        arguments: [
            ("a; =b", .noName(at: UInt8(ascii: "="))), ("a; \"b\"=c", .noName(at: UInt8(ascii: "\""))),
            ("a; b", .noValue("b")), ("a; b=", .noValue("b")), ("a; b=;c=d", .noValue("b")), ("a; b =c", .noValue("b")),
            ("a; b= c", .noValue("b")), ("a; b=c d", .unquotedCharacter(UInt8(ascii: "d"), parameter: "b")),
            ("a; b=c=d", .unquotedCharacter(UInt8(ascii: "="), parameter: "b")),
            ("a; b=/c", .unquotedCharacter(UInt8(ascii: "/"), parameter: "b")),
            ("a; b=c\"d\"", .unquotedCharacter(UInt8(ascii: "\""), parameter: "b")),
            ("a; b=ö", .unquotedCharacter(0xC3, parameter: "b")), ("a; b=\u{0}", .unquotedCharacter(0, parameter: "b")),
            ("a; b=\"c", .openQuote("b")), ("a; b=\"", .openQuote("b")),
            ("a; b=\"c\"d", .textAfterQuote("b")), ("a; b=\"c\"\"d\"", .textAfterQuote("b")),
            ("a; b=c, a; b=d", .unquotedCharacter(UInt8(ascii: ","), parameter: "b")),
            ("a; b=c; B=c", .repeated("b")), ("a; b=c; d=e; b=\"f\"", .repeated("b")),
        ] as [(String, ParameterFault)]) func `What can be read in two ways is refused`(
            text: String, expected: ParameterFault
        )
    {
        #expect(fault(text) == expected)
    }

    @Test func `There may be 16 parameters`() throws {
        let text = (0..<16).map { ";p\($0)=v" }.joined()
        #expect(try read("a" + text).count == 16)
        #expect(fault("a\(text);q=v") == .tooMany(limit: 16))
    }
}
