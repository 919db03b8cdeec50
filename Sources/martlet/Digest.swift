import Application
import CommandLineOptions
import Projections

extension Subcommand {
    static var digest: Subcommand {
        Subcommand(
            "digest", summary: "print the position and a digest of every read model, as JSON",
            discussion: "Equal digests mean equal read models, whichever way they were built.",
            parameters: .data
        ) { options in
            let martlet = try Martlet(DataDirectory(options.value(.data), create: false))
            await martlet.catchUp()
            let stopped = martlet.states.all
            let (position, digests) = try martlet.views.digests()
            try await martlet.close()
            if let first = stopped.first { throw Failure("\(first)") }
            var models = JSONLine()
            for digest in digests {
                var model = JSONLine()
                model.add("rows", digest.rows)
                model.add("digest", digest.hex)
                models.add(digest.model.name, model)
            }
            var json = JSONLine()
            json.add("position", position)
            json.add("read_models", models)
            try Console.result(json.bytes)
        }
    }
}
