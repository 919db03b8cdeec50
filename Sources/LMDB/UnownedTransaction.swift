/// A transaction as seen by code that cannot borrow it: code that is called back while it runs, or that passes it on
/// inside a value.
///
/// Whoever makes one must drop it before the transaction ends; that is not checked.
public struct UnownedTransaction: Transaction {
    public let handle: TransactionHandle

    /// Refers to a transaction without owning it.
    public init(_ transaction: borrowing some Transaction & ~Copyable) { handle = transaction.handle }
}
