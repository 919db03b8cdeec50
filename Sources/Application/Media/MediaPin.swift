public import Microblog

/// Keeps the sweeper from a content while somebody is about to refer to it.
///
/// It is held from before the file is in the store until the command that names it has ended, that is until read
/// models show it or the command was rejected. Dropping the last reference releases it, and a local variable may be
/// dropped after its last use: keep the pin in what outlives the command, or use `withExtendedLifetime`.
public final class MediaPin: Sendable {
    /// What is kept.
    public let content: ContentHash
    private let pins: MediaPins

    init(_ content: ContentHash, in pins: MediaPins) {
        self.content = content
        self.pins = pins
        pins.add(content)
    }

    deinit {
        pins.remove(content)
    }
}
