import Application
import CommandLineOptions
import JSON
import Projections

extension Subcommand {
    static var digest: Subcommand {
        Subcommand(
            "digest", summary: "print the position and a digest of every read model, as JSON",
            discussion: """
                Equal digests mean equal read models, whichever way they were built. Where a server has the data directory \
                open, or there are read models alone, they are read as they are; else they are brought up to the log first.
                """,
            parameters: .data, .masterKey
        ) { options in
            let (position, digests) = try await read(options)
            var models = JSONObject()
            for digest in digests {
                var model = JSONObject()
                model.add("rows", digest.rows)
                model.add("digest", digest.hex)
                models.add(digest.model.name, model)
            }
            var json = JSONObject()
            json.add("position", position)
            json.add("read_models", models)
            try Console.result(json.line)
        }
    }

    private static func read(_ options: OptionValues) async throws -> (position: UInt64, digests: [ReadModelDigest]) {
        let data = try options.value(.data)
        let directory: DataDirectory
        do throws(DataDirectoryError) {
            directory = try DataDirectory(data, create: false, masterKey: options.optionalValue(.masterKey))
        } catch {
            switch error {
            case .inUse, .logMissing:
                guard let views = try ViewGenerations.read(directory: data + "/views") else {
                    throw error
                }
                return try views.digests()
            default: throw error
            }
        }
        let martlet = try Martlet(directory)
        await martlet.settle()
        let stopped = martlet.stopped
        let result = try martlet.readModelDigests()
        try await martlet.close()
        if let first = stopped.first { throw Failure("\(first)") }
        return result
    }
}
