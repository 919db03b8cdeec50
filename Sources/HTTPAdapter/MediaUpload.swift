internal import Application
internal import HTTPServer
internal import Microblog

/// Takes an upload's bytes into the media store as they come in.
final class MediaSink: UploadSink {
    let staging: MediaStaging
    /// The file, once it is in the store. The store keeps it as long as this is held.
    fileprivate(set) var stored: StoredMedia?

    private let place: FilePlace

    init(_ service: Service) throws(APIError) {
        place = try service.filePlace()
        do throws(MediaStoreError) {
            staging = try service.martlet.beginUpload()
        } catch {
            throw .unavailable("the upload cannot be stored now: \(error)")
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws { try staging.write(bytes) }

    func cancel() { staging.cancel() }
}

extension APIHandler {
    /// Puts an upload into the store on another thread, then goes on with the call. The exchange is suspended
    /// meanwhile.
    ///
    /// - Throws: why there is nothing to store.
    func store(_ sink: MediaSink, _ call: Call, by caller: Issuer?) throws(APIError) {
        try check(call.exchange.upload)
        let suspension = call.exchange.suspend()
        let carried = Carried((call, caller, sink))
        let isTaken = service.martlet.finishUpload(sink.staging) { result in
            suspension.resume { exchange in
                let (call, caller, sink) = carried.value
                do throws(APIError) {
                    sink.stored = try call.handler.file(result)
                    call.handler.proceed(call, by: caller, with: sink)
                } catch {
                    exchange.respond(call.service.error(error))
                }
            }
        }
        if !isTaken {
            sink.cancel()
            suspension.resume { [service] exchange in
                exchange.respond(service.error(.unavailable("too many uploads wait; try again in 1 s")))
            }
        }
    }

    private func file(_ result: MediaIntakeResult) throws(APIError) -> StoredMedia {
        switch result {
        case .stored(let stored): return stored
        case .empty: throw .unprocessable("the file is empty")
        case .unknownType:
            throw APIError(
                415, "unsupported_media_type", "the file is no JPEG, PNG, GIF, WebP or MP4, by its content")
        case .failed(let error):
            service.configuration.report("\(error)")
            throw .unavailable("the file cannot be stored now")
        }
    }

    private func check(_ upload: Upload?) throws(APIError) {
        switch upload?.outcome {
        case .complete: return
        case .refused(let fault): throw APIError(fault)
        case nil: throw APIError(.noContentType)
        case .failed(let error):
            service.configuration.report("\(error)")
            throw .unavailable("the file cannot be stored now")
        }
    }
}

extension APIError {
    /// Tells in HTTP why an upload is not taken.
    fileprivate init(_ fault: FormFault) {
        switch fault.kind {
        case .notMultipart, .missing, .repeated: self = .unprocessable("\(fault)")
        case .malformed: self = .badRequest("\(fault)")
        case .overLimit: self.init(413, "payload_too_large", "\(fault)")
        }
    }
}
