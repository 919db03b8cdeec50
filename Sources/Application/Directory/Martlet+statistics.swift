internal import EventLog
internal import Glibc
public import Microblog

extension Martlet {
    /// How many events of each type there are, in the order of the types' codes. Reads the whole log.
    public func eventsByType() throws -> [(type: EventType, count: Int)] {
        var counts = [Int](repeating: 0, count: 256)
        var position: UInt64 = 0
        while let log, position < log.head.position {
            position += UInt64(try log.read(after: position, limit: 65_536) { counts[Int($0.type)] += 1 })
        }
        return EventType.all.map { ($0, counts[Int($0.code)]) }
    }
}

extension DataDirectory {
    /// The bytes that each part takes on disk.
    public func bytesOnDisk() -> [(part: String, bytes: Int)] {
        [("log", log), ("views", views), ("media", media)].map { ($0.0, Self.bytes(below: $0.1)) }
    }

    private static func bytes(below path: String) -> Int {
        guard let stream = opendir(path) else { return 0 }
        defer { closedir(stream) }
        var sum = 0
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            var status = stat()
            guard name != ".", name != "..", lstat(path + "/" + name, &status) == 0 else { continue }
            sum += Int(status.st_blocks) * 512
            if status.st_mode & S_IFMT == S_IFDIR { sum += bytes(below: path + "/" + name) }
        }
        return sum
    }
}
