import CommandLineOptions
import HTTPAdapter

// The options of `serve` that browsers make necessary.

extension Parameter where Value == AllowedOrigins {
    /// Whose pages may read answers.
    static var allowedOrigins: Parameter {
        .option(
            "allow-origin", .allowedOrigins,
            help: "origins whose pages may use the API, with commas between them, or * for all; none by default")
    }
}

extension Parameter where Value == String {
    /// What the front end's pages may do.
    static var pagePolicy: Parameter {
        .option(
            "page-policy", .headerValue("POLICY"),
            help: "the Content-Security-Policy of the front end's pages, in place of the strict one")
    }
}

extension ValueFormat where Value == AllowedOrigins {
    /// `*`, or a list of origins.
    fileprivate static var allowedOrigins: ValueFormat {
        ValueFormat(
            placeholder: "ORIGINS",
            expectation:
                "* or origins such as https://birds.example,http://localhost:5173, without a path or a slash at the end"
        ) { AllowedOrigins($0) }
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
