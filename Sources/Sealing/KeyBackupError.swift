internal import Bytes
public import Files

/// A backup of keys cannot be written or read.
public enum KeyBackupError: Error, Sendable, CustomStringConvertible {
    /// A call to the disk failed.
    case disk(FileError)
    /// There is something already where it is to be written.
    case exists(String)
    /// It does not begin like a backup of keys.
    case noBackup(String)
    /// Another program wrote it.
    case format(String, found: String)
    /// It does not open with the passphrase.
    case wrongPassphrase(String)
    /// It is not what was written, from this byte on.
    case altered(String, at: Int)
    /// It ends too early, at this byte.
    case cutOff(String, at: Int)
    /// The file of the passphrase begins with an empty line.
    case emptyPassphrase(String)
    /// The first line is too long for a passphrase.
    case longPassphrase(String)
    /// There is not enough memory, in bytes, to make a key out of the passphrase.
    case noMemory(UInt64)
    /// The keys are not those of the log.
    case foreign(String, log: [UInt8], found: [UInt8])

    /// One line for people, with what to do.
    public var description: String {
        switch self {
        case .disk(let error): "\(error)"
        case .exists(let path): "\(path) is there already and is left as it is; name another file, or remove that one"
        case .noBackup(let path):
            "\(path) is no backup of keys: it does not begin with \"martlet-key-backup\"; name a file that `martlet keys "
                + "backup` wrote"
        case .format(let path, let found):
            "the format of \(path) is \"\(found)\", this martlet reads \"\(KeyBackupHeader.format)\": use the martlet that "
                + "wrote it, unless the file is damaged"
        case .wrongPassphrase(let path):
            "\(path) does not open with this passphrase: take the one that it was made with; if it is the right one, the file "
                + "is damaged: take another copy"
        case .altered(let path, let offset):
            "\(path) is damaged at byte \(offset) or behind it: take another copy, or make another backup of the keys"
        case .cutOff(let path, let offset):
            "\(path) was cut off at byte \(offset): take another copy, or make another backup of the keys"
        case .emptyPassphrase(let path): "the first line of \(path) is empty: write the passphrase there"
        case .longPassphrase(let path): "the first line of \(path) is too long for a passphrase: name another file"
        case .noMemory(let bytes):
            "there is no memory to try the passphrase, which takes \(bytes >> 20) MiB: make room, or do it on another machine"
        case .foreign(let path, let log, let found):
            "the keys in \(path) belong to the log \(Hexadecimal.text(found)), not to \(Hexadecimal.text(log)): name the backup "
                + "of the keys of that log"
        }
    }
}
