public import Microblog

extension MediaStore {
    /// Removes every file that nothing refers to and nobody holds. Blocks, for a time that grows with the files.
    ///
    /// - Parameter isReferenced: asked once for each file. It must answer from a snapshot that is taken after this call
    ///   began. If a pin was released before that, only this answer protects the content.
    /// - Returns: what was removed and what must wait. Both are empty if another sweep is running.
    public func sweep(isReferenced: (ContentHash) -> Bool) throws(MediaStoreError) -> SweptMedia {
        try whileSweeping { hold, swept throws(MediaStoreError) in
            for shard in layout.shards {
                let prefix = shard.suffix(2)
                for name in try layout.names(in: shard) {
                    // A file with another kind of name was put there by hand. The sweep does not remove it.
                    guard let content = ContentHash(hex: prefix + name), !isReferenced(content) else { continue }
                    try remove(content, hold, &swept)
                }
            }
        }
    }

    /// Removes the given contents that nothing refers to and nobody holds, for example after the deletion of a post.
    ///
    /// See ``sweep(isReferenced:)``.
    public func sweep(
        _ contents: some Sequence<ContentHash>, isReferenced: (ContentHash) -> Bool
    ) throws(MediaStoreError) -> SweptMedia {
        try whileSweeping { hold, swept throws(MediaStoreError) in
            for content in contents where !isReferenced(content) { try remove(content, hold, &swept) }
        }
    }

    private func whileSweeping(
        _ body: (MediaHold, inout SweptMedia) throws(MediaStoreError) -> Void
    ) throws(MediaStoreError) -> SweptMedia {
        var swept = SweptMedia()
        guard pins.beginSweep() else { return swept }
        defer { pins.endSweep() }
        try body(try MediaHold(of: layout), &swept)
        return swept
    }

    private func remove(
        _ content: ContentHash, _ hold: MediaHold, _ swept: inout SweptMedia
    ) throws(MediaStoreError) {
        let path = layout.path(of: content)
        let wasThere = try hold.unlessShared { () throws(MediaStoreError) in
            try pins.unlessHeld(content) { () throws(MediaStoreError) in try layout.remove(path) }
        }
        switch wasThere {
        case true?: swept.removed.append(content)
        case false?: break
        case nil: swept.putOff.append(content)
        }
    }
}

/// What a sweep did.
public struct SweptMedia: Equatable, Sendable {
    /// The files that were removed.
    public var removed: [ContentHash] = []

    /// The files that nothing refers to, but that an upload or a backup still holds. Sweep these again.
    public var putOff: [ContentHash] = []
}
