internal import Bytes
public import Files
internal import Glibc

/// Why keys cannot be used.
public enum KeyError: Error, Sendable, CustomStringConvertible {
    /// A call to the disk failed.
    case disk(FileError)
    /// The log holds events, but its keys are not there.
    case missing(String)
    /// The master key is not there.
    case masterKeyMissing(String)
    /// Others than the owner can use the file of the master key.
    case masterKeyExposed(String, mode: UInt32)
    /// The file of the master key has another size than a key.
    case masterKeySize(String, size: Int)
    /// The keys do not open with the master key.
    case wrongMasterKey(keys: String, master: String)
    /// The keys belong to another log.
    case foreign(String, log: [UInt8], found: [UInt8])
    /// The keys are an older copy: accounts that the log has got theirs later.
    case older(newest: UInt64, needed: UInt64)
    /// Another program wrote the file.
    case format(String, found: String)
    /// What is stored is not what was written: in a slot, or in the header.
    case damaged(String, slot: UInt64?, problem: String)
    /// The account was erased, so it gets no key again.
    case erased(account: UInt64)
    /// The keys were opened to be read, by somebody who does not own them.
    case readOnly(String)

    /// Whether there was no room.
    public var isOutOfSpace: Bool {
        guard case .disk(let error) = self else { return false }
        return error.code == ENOSPC || error.code == EDQUOT
    }

    /// One line for people, with what to do.
    public var description: String {
        switch self {
        case .disk(let error): "\(error)"
        case .missing(let path):
            "the keys \(path) are missing, without them names and texts cannot be read: put the file back; if it is lost, "
                + Self.advice
        case .masterKeyMissing(let path):
            "the master key \(path) is missing, without it no key can be read: put the file back, or name it with "
                + "--master-key-file; if it is lost, \(Self.advice)"
        case .masterKeyExposed(let path, let mode):
            "others can use the master key \(path) (its mode is \(String(mode, radix: 8))): run `chmod 600 \(path)`, and if "
                + "somebody may have read it, make a new one by `martlet keys backup` and `martlet restore --keys`"
        case .masterKeySize(let path, let size):
            "the master key \(path) has \(size) bytes, not \(SealingKey.size): put the right file in its place, or name it with "
                + "--master-key-file; if it is lost, \(Self.advice)"
        case .wrongMasterKey(let keys, let master):
            "\(master) is the wrong master key: the keys \(keys) do not open with it; name the right one with "
                + "--master-key-file; if it is lost, \(Self.advice)"
        case .foreign(let path, let log, let found):
            "the keys \(path) belong to the log \(Hexadecimal.text(found)), not to this one, \(Hexadecimal.text(log)): put the "
                + "keys of this log in their place"
        case .older(let newest, let needed):
            "the file of the keys is an older copy: its newest key is that of account \(newest), and the log has account "
                + "\(needed): put the newest copy in its place; if it is lost, \(Self.advice)"
        case .format(let path, let found):
            "the format of \(path) is \"\(found)\", this martlet reads \"\(KeyFileHeader.format)\": use the martlet that wrote "
                + "it"
        case .damaged(let path, let slot, let problem):
            "the keys \(path) are damaged\(slot.map { " in slot \($0)" } ?? ""), \(problem): \(Self.advice)"
        case .erased(let account):
            "account \(account) was erased and gets no key again; nothing can be written about it any more"
        case .readOnly(let path): "the keys \(path) were opened to be read, nothing can be written to them; report this"
        }
    }

    private static let advice =
        "restore a backup with the keys into another directory: `martlet restore --data DIR --keys FILE "
        + "--passphrase-file FILE BACKUP`; without --keys, names and texts are shown as erased there"
}
