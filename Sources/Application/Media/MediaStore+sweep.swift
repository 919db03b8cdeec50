public import Microblog

extension MediaStore {
    /// Removes every file that nothing refers to and nobody holds. Blocks, for a time that grows with the files.
    ///
    /// - Parameter isReferenced: asked once a file; it must answer from a snapshot that it takes after this call began,
    ///   since a content whose pin was released before then is kept by its answer alone.
    /// - Returns: what was removed and what must wait; nothing if another sweep is running.
    public func sweep(isReferenced: (ContentHash) -> Bool) throws(MediaStoreError) -> SweptMedia {
        try whileSweeping { hold, swept throws(MediaStoreError) in
            for shard in layout.shards {
                let prefix = shard.suffix(2)
                for name in try layout.names(in: shard) {
                    // What has no name of ours was put there by hand and is not ours to remove.
                    guard let content = ContentHash(hex: prefix + name), !isReferenced(content) else { continue }
                    try remove(content, hold, &swept)
                }
            }
        }
    }

    /// Removes those of some contents that nothing refers to and nobody holds, as after the deletion of a post.
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

    /// The files that nothing refers to, but that somebody holds, as an upload or a backup does: sweep these again.
    public var putOff: [ContentHash] = []
}
