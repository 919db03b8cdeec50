import Testing

@testable import HTTPAdapter

@Suite struct AcceptedCodingsTests {
    @Test func `The coding with the greatest weight is sent`() {
        let headers: [(String?, ContentCoding?)] = [
            (nil, .identity), ("", .identity), ("gzip", .gzip), ("GZip", .gzip), ("x-gzip", .gzip),
            ("gzip, deflate, br, zstd", .gzip), ("br", .identity), ("deflate, br", .identity), ("*", .gzip),
            ("identity", .identity), ("gzip;q=0", .identity), ("gzip;q=0.000", .identity), ("gzip; q=0.1", .gzip),
            ("gzip ; Q=0.5 , identity;q=0.4", .gzip), ("gzip;q=0.4, identity;q=0.5", .identity),
            ("gzip;q=0.5, identity;q=0.5", .gzip), ("gzip;q=0.001", .gzip), ("*;q=0.5", .gzip),
            ("*;q=0.5, gzip;q=0", .identity), ("*;q=0.5, identity;q=0.9", .identity), ("*;q=0, gzip", .gzip),
            ("*;q=0, identity", .identity), ("identity;q=0, gzip", .gzip), ("identity;q=0, *", .gzip),
            ("gzip;q=x", .identity), ("gzip;q=2", .identity), ("gzip;q=-1", .identity), ("gzip;x=1;q=0", .identity),
            ("gzip;q=0, gzip", .identity), (",,gzip,", .gzip), ("gzip;q=nan", .identity),
            ("identity;q=0", nil), ("*;q=0", nil), ("gzip;q=0, *;q=0", nil), ("identity;q=0, br", nil),
            ("gzip;q=0, identity;q=0", nil),
        ]
        for (header, best) in headers { #expect(AcceptedCodings(header).best == best, "\(header ?? "none")") }
    }

    @Test func `An entity tag is found in a list, weak or strong`() {
        for tags in ["\"a\"", "W/\"a\"", "\"b\", \"a\"", "\"b\" ,W/\"a\"", "*", " \"a\" ", "\"b\",\t\"a\""] {
            #expect(EntityTags.matches(tags, "\"a\""), "\(tags)")
        }
        for tags in ["", "a", "\"b\"", "\"A\"", "w/\"a\"", "\"aa\"", "\"a", "W/a", "**"] {
            #expect(!EntityTags.matches(tags, "\"a\""), "\(tags)")
        }
    }
}
