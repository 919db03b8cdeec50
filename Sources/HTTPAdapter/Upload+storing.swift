internal import Application

extension APIHandler {
    /// The uploaded file, once it is in the store.
    ///
    /// - Throws: why there is none.
    func uploaded(_ exchange: Exchange) throws(APIError) -> StoredMedia {
        guard let sink = exchange.context as? MediaSink, let stored = sink.stored else {
            throw .unprocessable("the part \"file\" is missing")
        }
        return stored
    }

    /// Begins to put an upload into the store, off the loop; the exchange is handled again when it is there.
    ///
    /// - Returns: whether the exchange was put off; `false` once the file is in the store.
    /// - Throws: why there is nothing to store.
    func stores(_ exchange: Exchange) throws(APIError) -> Bool {
        guard let sink = exchange.context as? MediaSink else {
            throw .unprocessable("the part \"file\" is missing")
        }
        guard sink.stored == nil else { return false }
        try check(exchange.upload)
        let suspension = exchange.suspend()
        let service = service
        let isTaken = service.martlet.intake.submit(sink.staging) { result in
            suspension.resume { exchange in
                switch result {
                case .stored(let stored):
                    (exchange.context as? MediaSink)?.stored = stored
                    exchange.handleAgain()
                case .empty: exchange.respond(service.error(.unprocessable("the file is empty")))
                case .unknownType:
                    exchange.respond(
                        service.error(
                            APIError(
                                415, "unsupported_media_type",
                                "the file is no JPEG, PNG, GIF, WebP or MP4, by its content")))
                case .failed(let error):
                    service.configuration.report("\(error)")
                    exchange.respond(service.error(.unavailable("the file cannot be stored now")))
                }
            }
        }
        if !isTaken {
            sink.cancel()
            suspension.resume { exchange in
                exchange.respond(service.error(.unavailable("too many uploads wait; try again in 1 s")))
            }
        }
        return true
    }

    private func check(_ upload: Upload?) throws(APIError) {
        switch upload?.outcome {
        case .complete: return
        case .overLimit:
            throw APIError(
                413, "payload_too_large", "the file is larger than \(service.configuration.mediaLimit) bytes")
        case .notMultipart, nil: throw .unprocessable("the body must be multipart/form-data with a part \"file\"")
        case .malformed: throw .badRequest("the multipart body is malformed or breaks off")
        case .missing: throw .unprocessable("the part \"file\" is missing")
        case .repeated: throw .unprocessable("there is more than one part \"file\"; send one file a request")
        case .failed(let error):
            service.configuration.report("\(error)")
            throw .unavailable("the file cannot be stored now")
        }
    }
}
