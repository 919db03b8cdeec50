/// What an answer carries.
enum ResponseBody: ~Copyable {
    case empty
    case buffer(ResponseBuffer)
    case text(StaticString)
    case file(ResponseFile)
}
