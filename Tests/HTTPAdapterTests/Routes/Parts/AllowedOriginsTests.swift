import Testing

@testable import HTTPAdapter

@Suite struct AllowedOriginsTests {
    @Test func `Origins are read as browsers write them`() {
        let origins = [
            "https://birds.example": ["https://birds.example"],
            "HTTPS://Birds.Example": ["https://birds.example"],
            "https://birds.example:443": ["https://birds.example"],
            "http://birds.example:80": ["http://birds.example"],
            "http://birds.example:443": ["http://birds.example:443"],
            "http://localhost:5173, https://a.example ,https://b.example": [
                "http://localhost:5173", "https://a.example", "https://b.example",
            ],
            "https://a.example,https://A.example:443": ["https://a.example"],
            "http://[::1]:8080": ["http://[::1]:8080"],
            "http://[2001:db8::1]": ["http://[2001:db8::1]"],
            "capacitor://localhost": ["capacitor://localhost"],
            "moz-extension://1f0c-22": ["moz-extension://1f0c-22"],
        ]
        for (text, expected) in origins { #expect(AllowedOrigins(text)?.origins == expected, "\(text)") }
        #expect(AllowedOrigins("*") == .all)
        #expect(AllowedOrigins(" * ") == .all)
    }

    @Test func `What is no origin is refused`() {
        let texts = [
            "", ",", "null", "birds.example", "https://", "https://birds.example/", "https://birds.example/app",
            "https://birds.example?x", "https://ada@birds.example", "https://*.example", "*,https://a.example",
            "https://birds.example:", "https://birds.example:0x50", "https://birds.example:65536",
            "https://birds.example:080", "//birds.example", "https:birds.example", "://birds.example",
            "https://a.example,", "https://a.example https://b.example", "https://vögel.example", "http://[::1",
            "http://[]", "https://birds.example\r\nx: y", "9://a.example",
        ]
        for text in texts { #expect(AllowedOrigins(text) == nil, "\(text)") }
    }
}
