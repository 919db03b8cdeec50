/// A write transaction as seen by code that is called back while it runs, and so cannot borrow it.
///
/// Whoever makes one must drop it before the transaction ends; that is not checked.
public struct UnownedTransaction: Transaction {
    public let handle: TransactionHandle

    /// Refers to a transaction without owning it.
    public init(_ transaction: borrowing WriteTransaction) { handle = transaction.handle }
}
