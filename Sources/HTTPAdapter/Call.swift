internal import Application
internal import HTTPServer
internal import Microblog
internal import Projections

/// A request on its way, with what was found out about it once: the row and the numbers of its path.
struct Call {
    let exchange: Exchange
    let route: Route
    let ids: PathIDs
    let handler: APIHandler

    var service: Service { handler.service }
}

/// A call that is answered from one snapshot: an answer is one moment.
struct Query {
    let call: Call
    let snapshot: ViewSnapshot
    let caller: AccountID

    var exchange: Exchange { call.exchange }
    var ids: PathIDs { call.ids }
    var service: Service { call.service }

    /// Answers with JSON, in the name of the snapshot's position.
    func respond(_ status: Int = 200, _ body: consuming ResponseBuffer) throws {
        exchange.respond(service.json(status, body, position: try snapshot.position()))
    }

    /// Answers with a page of a list.
    func respond(_ list: consuming ListAnswer) throws {
        exchange.respond(list.finish(exchange, service, position: try snapshot.position()))
    }
}

/// A call that changes something: what its handler needs to say which command to execute.
struct Write {
    let call: Call
    let caller: AccountID

    var exchange: Exchange { call.exchange }
    var ids: PathIDs { call.ids }
    var service: Service { call.service }
}

/// Something of a loop that is carried over other threads and back.
struct Carried<Value>: @unchecked Sendable {
    // because only the loop's thread, which it came from, takes it out again.
    let value: Value

    init(_ value: Value) { self.value = value }
}
