import TestSupport
import Testing

@testable import EventLog

@Suite struct StreamHeadsTests {
    @Test(arguments: [1, 2, 3] as [UInt64]) func `Random streams are as in a dictionary`(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var heads = StreamHeads()
        var model: [String: StreamHead] = [:]
        // Names that begin alike, of all lengths around a multiple of eight.
        func name() -> String {
            String(repeating: "x", count: generator.below(20)) + "\(generator.below(900))"
        }
        for step in 0..<5000 {
            let name = name()
            let head = StreamHead(
                version: UInt64(step), position: UInt64(generator.below(1 << 40)), type: UInt8(step % 256))
            #expect(find(name, in: heads) == model[name])
            heads.set(head, of: name)
            model[name] = head
            #expect(find(name, in: heads) == head)
        }
        #expect(heads.count == model.count)
        for (name, head) in model { #expect(find(name, in: heads) == head) }
        #expect(find("nobody", in: heads) == nil)

        var names: [StreamName] = []
        heads.sorted { name, head in
            names.append(StreamName(Array(name)))
            #expect(model[names.last!.description] == head)
        }
        #expect(names == model.keys.map { StreamName($0) }.sorted())
    }

    @Test func `An empty table has nothing`() {
        let heads = StreamHeads()
        #expect(find("post/1", in: heads) == nil)
        heads.sorted { _, _ in Issue.record("there is a stream") }
    }

    private func find(_ name: String, in heads: StreamHeads) -> StreamHead? {
        Array(name.utf8).withUnsafeBytes { heads.head(of: $0) }
    }
}

extension StreamHeads {
    fileprivate mutating func set(_ head: StreamHead, of name: String) {
        Array(name.utf8).withUnsafeBytes { set(head, of: $0) }
    }
}
