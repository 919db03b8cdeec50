import CommandLineOptions

// The options of `serve` that browsers make necessary.

extension Parameter where Value == String {
    /// What the front end's pages may do.
    static var pagePolicy: Parameter {
        .option(
            "page-policy", .headerValue("POLICY"),
            help: "the Content-Security-Policy of the front end's pages, in place of the strict one")
    }
}

extension ValueFormat where Value == String {
    /// What may stand in a header line as it is: visible ASCII and blanks.
    fileprivate static func headerValue(_ placeholder: String) -> ValueFormat {
        ValueFormat(placeholder: placeholder, expectation: "a text of visible ASCII characters and blanks") { text in
            text.isEmpty || !text.utf8.allSatisfy { 0x20...0x7e ~= $0 } ? nil : text
        }
    }
}
