import Foundation
import SampleCommunity
import TestSupport
import Testing

private let python = "/usr/bin/python3"

@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: python), "pictures are checked by python3"))
struct SamplePictureTests {
    /// Reads PNG files, each behind a line with its length, and checks what a viewer relies on.
    private let checker = """
        import struct, sys, zlib
        count = 0
        while True:
            line = sys.stdin.buffer.readline()
            if not line: break
            data = sys.stdin.buffer.read(int(line))
            assert data[:8] == b'\\x89PNG\\r\\n\\x1a\\n'
            at, types, pixels = 8, [], b''
            while at < len(data):
                size, type = struct.unpack('>I4s', data[at:at + 8])
                body = data[at + 8:at + 8 + size]
                assert struct.unpack('>I', data[at + 8 + size:at + 12 + size])[0] == zlib.crc32(type + body)
                types.append(type)
                if type == b'IHDR': assert body == struct.pack('>IIBBBBB', 64, 64, 2, 3, 0, 0, 0)
                if type == b'PLTE': assert size == 12
                if type == b'IDAT': pixels = zlib.decompress(body)
                at += 12 + size
            assert types == [b'IHDR', b'PLTE', b'IDAT', b'IEND'] and len(pixels) == 64 * 17
            count += 1
        print(count)
        """

    @Test func `Every picture is a whole PNG file`() throws {
        var input = Data()
        var count = 0
        for case .media(_, let file) in SampleCommunity(commands: 2_000, pictures: 100).lazy.map(\.action) {
            input += Data("\(file.count)\n".utf8) + Data(file)
            count += 1
        }
        let pictures = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try input.write(to: pictures)
        defer { try? FileManager.default.removeItem(at: pictures) }

        let process = try ChildProcess([python, "-c", checker], input: .file(pictures.path))
        #expect(String(decoding: process.readToEnd(), as: UTF8.self) == "\(count)\n")
        #expect(process.wait() == 0)
        #expect(count > 80)
    }
}
