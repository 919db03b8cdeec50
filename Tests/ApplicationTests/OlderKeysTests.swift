import EventLog
import Foundation
import Microblog
import Sealing
import TestSupport
import Testing

@testable import Application

/// An older copy of the keys lacks those of newer accounts. Nobody may take these for erased.
@Suite struct OlderKeysTests {
    private let data = DataOfTest()

    @Test func `Whoever writes and whoever reads refuses an older copy of the keys`() async throws {
        let keys = data.path + "/keys"
        try await data.open { _ = try await $0.register("ann") }
        let older = try Data(contentsOf: URL(filePath: keys))
        try await data.open { _ = try await $0.register("bob") }
        let newer = try Data(contentsOf: URL(filePath: keys))
        try older.write(to: URL(filePath: keys))
        try expectRefusal { _ = try EventReader(dataDirectory: data.path) }
        try expectRefusal { _ = try Verification(data: data.path, memory: 16 << 20).checkKeys() }
        try expectRefusal { _ = try Martlet(DataDirectory(data.path, create: false), .ofTest) }
        try newer.write(to: URL(filePath: keys))
        #expect(try data.export().count == 2)
    }

    private func expectRefusal(_ body: () throws -> Void) throws {
        let error = #expect(throws: KeyError.self) { try body() }
        guard case .older(newest: 1, needed: 2)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
