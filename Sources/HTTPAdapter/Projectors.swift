internal import Application
internal import HTTPServer
internal import Microblog
internal import Projections

/// The state of the projectors and of their rebuild, for administrators.
enum Projectors {
    static let routes = [
        Route(.get, "/admin/projectors", permission: .admin, isForMending: true, .query(projectors)),
        Route(.post, "/admin/replay", permission: .admin, isForMending: true, .query(beginRebuild)),
    ]

    private static func projectors(_ query: Query) throws {
        let martlet = query.service.martlet
        var buffer = ResponseBuffer(capacity: 2048)
        buffer.append("{\"result\":true,\"log\":")
        let newest = martlet.newest
        buffer.append("{\"position\":")
        buffer.append(decimal: newest.position)
        buffer.append(",\"time\":")
        if newest.position > 0 { buffer.append(jsonTime: newest.time.milliseconds) } else { buffer.append("null") }
        buffer.append("},\"projectors\":[")
        for (index, projector) in martlet.projectors.enumerated() {
            if index > 0 { buffer.append(",") }
            buffer.append(projector)
        }
        buffer.append("],\"rebuild\":")
        buffer.append(martlet.rebuildStatus)
        buffer.append("}")
        try query.respond(200, buffer)
    }

    private static func beginRebuild(_ query: Query) throws {
        let martlet = query.service.martlet
        do throws(RebuildRefusal) { try martlet.beginRebuild() } catch { throw APIError(error) }
        var buffer = ResponseBuffer(capacity: 256)
        buffer.append("{\"result\":true,\"rebuild\":")
        buffer.append(martlet.rebuildStatus)
        buffer.append("}")
        try query.respond(202, buffer)
    }
}

/// The parts of `GET /admin/projectors`.
extension ResponseBuffer {
    /// Appends the state of a projector as a JSON object.
    mutating func append(_ projector: ProjectorStatus) {
        append("{\"name\":\"")
        append(text: projector.model.name)
        append("\",\"version\":")
        append(decimal: UInt64(projector.model.version))
        append(",\"position\":")
        append(decimal: projector.position)
        append(",\"lag_events\":")
        append(decimal: projector.lagEvents)
        append(",\"lag_seconds\":")
        append(thousandths: projector.lag / .seconds(1))
        append(",\"events_per_second\":")
        append(thousandths: projector.rate)
        append(",\"state\":\"")
        append(text: projector.state.name)
        append("\"")
        append(",\"percent\":")
        if case .rebuilding(let part, _) = projector.state { append(percentOf: part) } else { append("null") }
        append(",\"reason\":")
        if let reason = projector.state.reason { append(jsonString: reason) } else { append("null") }
        append("}")
    }

    /// Appends the state of a rebuild as a JSON object.
    mutating func append(_ rebuild: RebuildStatus) {
        append("{\"state\":\"")
        append(text: rebuild.name)
        append("\"")
        if let start = rebuild.start {
            append(",\"started_at\":")
            append(jsonTime: start.milliseconds)
        }
        switch rebuild {
        case .none: break
        case .running(_, let progress):
            append(",\"events\":")
            append(decimal: progress.events)
            append(",\"percent\":")
            append(percentOf: progress.part)
            append(",\"seconds\":")
            append(thousandths: progress.duration / .seconds(1))
            append(",\"eta_seconds\":")
            if let left = progress.remaining { append(thousandths: left / .seconds(1)) } else { append("null") }
        case .done(_, let report, let swap):
            append(",\"position\":")
            append(decimal: report.position)
            append(",\"events\":")
            append(decimal: report.position)
            append(",\"seconds\":")
            append(thousandths: report.duration / .seconds(1))
            append(",\"events_per_second\":")
            append(thousandths: report.rate)
            append(",\"swap_milliseconds\":")
            append(thousandths: swap / .milliseconds(1))
        case .failed(_, let reason):
            append(",\"reason\":")
            append(jsonString: reason)
        }
        append("}")
    }

    /// Appends a part of a whole as a number from 0 to 100, with at most one decimal.
    private mutating func append(percentOf part: Double) {
        append(text: "\((part * 1000).rounded() / 10)")
    }
}
