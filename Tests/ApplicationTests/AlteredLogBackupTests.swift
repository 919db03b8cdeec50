import Bytes
import LMDB
import Testing

@testable import Application
@testable import Backup
@testable import EventLog

/// A log that was changed behind Martlet's back is not backed up as if it were whole.
@Suite struct AlteredLogBackupTests {
    /// Changes a byte of a record, and makes its checksum good again if that is wanted.
    private func alter(_ community: BackedUpCommunity, at position: UInt64, fixesChecksum: Bool) throws {
        let environment = try Environment(
            path: community.data.path + "/log", mapSize: 1 << 30, durability: .everyCommit)
        let table = try environment.table("events")
        try environment.write { transaction in
            try position.withBigEndianBytes { key in
                var record = try Array(#require(try transaction.get(table, key)))
                let end = record.count - RecordLayout.checksumSize
                record[end - 1] ^= 1
                if fixesChecksum {
                    record.withUnsafeMutableBytes { bytes in
                        let checked = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[..<end])
                        bytes.storeBigEndian(Checksum.of(position: position, checked), at: end)
                    }
                }
                try record.withUnsafeBytes { try transaction.put(table, key, $0) }
            }
        }
    }

    @Test func `A record that was changed together with its checksum is found by the chain`() async throws {
        let community = try await BackedUpCommunity.make()
        let chain = try LogIdentity(community.data.path).chain()
        try alter(community, at: 4, fixesChecksum: true)
        let error = #expect(throws: BackupError.self) { try community.backUp() }
        guard case .chainDiffers(UInt64(community.events.count), chain, let found)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(found != chain)
        #expect(try community.neighbours == [])
    }

    @Test func `A damaged record is named`() async throws {
        let community = try await BackedUpCommunity.make()
        try alter(community, at: 4, fixesChecksum: false)
        let error = #expect(throws: LogCorruption.self) { try community.backUp() }
        #expect(error?.position == 4)
        #expect(try community.neighbours == [])
    }
}
