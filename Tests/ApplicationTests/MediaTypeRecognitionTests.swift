import Application
import Microblog
import Testing

@Suite struct MediaTypeRecognitionTests {
    @Test(
        arguments: [
            (Array("\u{0}\u{0}\u{0}\u{18}ftypisom".utf8), MediaType.mp4),
            (Array("\u{0}\u{0}\u{0}\u{20}ftypM4V \u{0}\u{0}\u{0}\u{0}".utf8), .mp4),
            (Array("\u{0}\u{0}\u{0}\u{20}ftypdash".utf8), .mp4),
            (Array("GIF87a".utf8), .gif), (Array("GIF89a,,,,".utf8), .gif),
            (Array("RIFF1234WEBPVP8 ".utf8), .webp), (Array("RIFF\u{0}\u{0}\u{0}\u{0}WEBPVP8X....".utf8), .webp),
            ([0x89] + Array("PNG\r\n\u{1A}\n\u{0}\u{0}\u{0}\u{D}IHDR".utf8), .png),
            ([0xFF, 0xD8, 0xFF, 0xE0], .jpeg), ([0xFF, 0xD8, 0xFF, 0xDB, 0, 0], .jpeg),
        ])
    func `A file is known by its first bytes`(head: [UInt8], type: MediaType) {
        #expect(MediaType(recognizing: head) == type)
        #expect(MediaType(recognizing: head + [UInt8](repeating: 0xAB, count: 1_000)) == type)
        for shorter in 0..<min(head.count, 3) { #expect(MediaType(recognizing: head.prefix(shorter)) == nil) }
    }

    @Test(
        arguments: [
            "", "hello", "<svg xmlns='http://www.w3.org/2000/svg'/>", "<!doctype html>", "RIFF1234WAVEfmt ", "GIF88a",
            "\u{0}\u{0}\u{0}\u{18}ftypqt  \u{0}\u{0}\u{0}\u{0}qt  ", "\u{0}\u{0}\u{0}\u{18}ftypM4A ",
            "\u{0}\u{0}\u{0}\u{1C}ftypavif\u{0}\u{0}\u{0}\u{0}mif1isom", "\u{0}\u{0}\u{0}\u{18}ftypheic", "PNG\r\n",
            "%PDF-1.7", "\u{0}\u{0}\u{0}\u{18}moovisom",
        ])
    func `What is not taken is not recognized`(head: String) {
        #expect(MediaType(recognizing: Array(head.utf8)) == nil)
    }
}
