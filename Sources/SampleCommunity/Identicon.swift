/// A small picture of coloured squares, the same left and right, as communities give to accounts without a picture.
struct Identicon {
    private static let side = 64
    private static let cells = 8
    private static let palettes: [[(UInt8, UInt8, UInt8)]] = [
        [(246, 241, 231), (33, 77, 115), (214, 111, 66), (122, 164, 180)],
        [(240, 244, 236), (58, 92, 51), (222, 178, 76), (143, 178, 120)],
        [(250, 240, 240), (122, 35, 58), (231, 150, 120), (90, 70, 110)],
        [(236, 240, 248), (40, 40, 74), (108, 142, 214), (240, 190, 96)],
        [(248, 246, 240), (70, 62, 56), (190, 84, 60), (150, 140, 126)],
    ]

    private let palette: [(UInt8, UInt8, UInt8)]
    private let squares: [UInt8]

    init(_ random: inout SampleRandom) {
        palette = Identicon.palettes[random.below(Identicon.palettes.count)]
        var squares: [UInt8] = []
        for _ in 0..<Identicon.cells {
            let bits = random.next()
            let left = (0..<Identicon.cells / 2).map { UInt8(truncatingIfNeeded: bits >> UInt64(7 * $0)) & 3 }
            squares += left + left.reversed()
        }
        self.squares = squares
    }

    /// The picture as a PNG file: a palette of four colours, two bits a pixel, not compressed.
    var png: [UInt8] {
        var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        var header: [UInt8] = []
        header.append(bigEndian: UInt32(Identicon.side))
        header.append(bigEndian: UInt32(Identicon.side))
        // Two bits a pixel, with a palette, deflated, filtered, not interlaced.
        header += [2, 3, 0, 0, 0]
        file.append(chunk: "IHDR", header)
        file.append(chunk: "PLTE", palette.flatMap { [$0.0, $0.1, $0.2] })
        file.append(chunk: "IDAT", stored(rows))
        file.append(chunk: "IEND", [])
        return file
    }

    /// Every row of pixels, after a zero that says that it is not filtered.
    private var rows: [UInt8] {
        let pixels = Identicon.side / Identicon.cells
        var rows: [UInt8] = []
        for row in 0..<Identicon.side {
            rows.append(0)
            for cell in 0..<Identicon.cells {
                // Four pixels a byte, all of one colour.
                let square = squares[row / pixels * Identicon.cells + cell]
                for _ in 0..<pixels / 4 { rows.append(square * 0b01_01_01_01) }
            }
        }
        return rows
    }
}

/// A zlib stream (RFC 1950) of one block that is stored as it is (RFC 1951), at most 65,535 bytes.
private func stored(_ bytes: [UInt8]) -> [UInt8] {
    let count = UInt16(bytes.count)
    var stream: [UInt8] = [0x78, 0x01, 0x01]
    stream += [UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8)]
    stream += bytes
    var sums: (UInt32, UInt32) = (1, 0)
    for byte in bytes {
        sums.0 = (sums.0 + UInt32(byte)) % 65_521
        sums.1 = (sums.1 + sums.0) % 65_521
    }
    stream.append(bigEndian: sums.1 << 16 | sums.0)
    return stream
}

extension [UInt8] {
    fileprivate mutating func append(bigEndian number: UInt32) {
        for shift: UInt32 in [24, 16, 8, 0] { append(UInt8(truncatingIfNeeded: number >> shift)) }
    }

    fileprivate mutating func append(chunk type: StaticString, _ content: [UInt8]) {
        append(bigEndian: UInt32(content.count))
        let start = count
        append(type)
        append(contentsOf: content)
        // The CRC of ISO 3309, bit by bit: a picture has little more than a thousand bytes.
        var crc = ~UInt32(0)
        for byte in self[start...] {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
        append(bigEndian: ~crc)
    }
}
