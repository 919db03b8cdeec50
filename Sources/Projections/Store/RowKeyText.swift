internal import Bytes
internal import Microblog

/// Keys of rows as people read them.
enum RowKeyText {
    /// Numbers in decimal, handles as they are, hashes in hexadecimal.
    static func text(_ key: [UInt8], in table: String) -> String {
        switch table {
        case "handles": return "\"\(String(decoding: key, as: UTF8.self))\""
        case "by_likes" where key.count == 20:
            return "\(number(key[0..<8])), \(number(key[8..<12])), \(number(key[12..<20]))"
        case _ where key.count == 8 || key.count == 16:
            return stride(from: 0, to: key.count, by: 8).map { "\(number(key[$0..<($0 + 8)]))" }.joined(separator: ", ")
        default:
            return Hexadecimal.text(key)
        }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}
