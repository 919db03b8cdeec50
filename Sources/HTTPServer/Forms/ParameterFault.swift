/// Why the parameters of a header line's value cannot be read.
public enum ParameterFault: Error, Equatable, CustomStringConvertible {
    /// A parameter begins with a character that no name may have.
    case noName(at: UInt8)
    /// A parameter has no `=` right after its name, or nothing after it.
    case noValue(String)
    /// A value without quotes has a character that may stand only inside of quotes.
    case unquotedCharacter(UInt8, parameter: String)
    /// A quoted value does not end.
    case openQuote(String)
    /// Something other than a semicolon follows a quoted value.
    case textAfterQuote(String)
    /// A parameter is given twice.
    case repeated(String)
    /// There are more parameters than are taken.
    case tooMany(limit: Int)

    public var description: String {
        switch self {
        case .noName(let byte):
            "\(FormFault.shown(byte)) stands where the name of a parameter is expected"
        case .noValue(let name):
            "the parameter \(FormFault.shown(name)) has no value; write name=value without white space around ="
        case .unquotedCharacter(let byte, let name):
            "the value of \(FormFault.shown(name)) has \(FormFault.shown(byte)); put the value in quotes"
        case .openQuote(let name): "the quoted value of \(FormFault.shown(name)) has no closing quote"
        case .textAfterQuote(let name):
            "text follows the closing quote of \(FormFault.shown(name)); write a quote inside of a value as \\\" or %22"
        case .repeated(let name): "the parameter \(FormFault.shown(name)) is given twice"
        case .tooMany(let limit): "there are more than \(limit) parameters"
        }
    }
}
