internal import Bytes

/// What stands in place of what a person wrote, once the key of that person is gone.
///
/// This is the one place that says it. An event whose personal part cannot be opened any more is read with these values
/// (``PersonalPart/erased(_:)``). So decisions, read models, exports and the API see an ordinary event, and rules and
/// projectors need no case of their own. The values follow from the account alone: read models that were built event by
/// event and those that are built anew are equal.
///
/// * A text is empty. No post of a person is, because a blank text is refused.
/// * A name is `erased`.
/// * A handle is `erased-<account>`. Nobody can take such a handle, so it is unique. The handles that the account had
///   stay taken for good: the streams of these still say so, and nobody can pose as the person who was erased.
/// * A previous handle is none.
public enum Erased {
    /// The text of a post.
    public static let text = ""
    /// The name of an account.
    public static let name = DisplayName(stored: "erased")

    private static let prefix = "erased-"

    /// The handle of an account: it is a valid one, of 8 to 27 characters.
    public static func handle(of account: AccountID) -> Handle {
        // From its end on, and in place, because it is asked for each account when read models are built anew.
        withUnsafeTemporaryAllocation(byteCount: Handle.maximumLength, alignment: 1) { text in
            var start = text.count
            func prepend(_ character: UInt8) {
                start -= 1
                text[start] = character
            }
            var rest = account.rawValue
            repeat {
                prepend(UInt8(ascii: "0") + UInt8(rest % 10))
                rest /= 10
            } while rest > 0
            for character in prefix.utf8.reversed() { prepend(character) }
            guard let handle = Handle(stored: UnsafeRawBufferPointer(rebasing: text[start...])) else {
                preconditionFailure("\(prefix)\(account) is no handle")
            }
            return handle
        }
    }

    /// Whether a handle is kept for accounts that are erased: `erased-` and digits.
    static func reserves(_ handle: Handle) -> Bool {
        var text: [UInt8] = []
        handle.append(to: &text)
        guard text.count > prefix.utf8.count, text.starts(with: prefix.utf8) else { return false }
        return text.dropFirst(prefix.utf8.count).allSatisfy { Decimal.value($0) != nil }
    }
}

/// The personal part of a stored event, as the one who reads the log has it.
public enum PersonalPart {
    /// What a person wrote, in plain. Empty for an event without anything personal.
    case plain(UnsafeRawBufferPointer)
    /// It was sealed with the key of this account, and there is no such key any more; or nobody wants to know it. The
    /// event is read with the values of ``Erased``.
    case erased(AccountID)
}
