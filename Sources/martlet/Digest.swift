import Application
import CommandLineOptions
import JSON
import Projections

extension Subcommand {
    static var digest: Subcommand {
        Subcommand(
            "digest", summary: "print the position and a digest of every read model, as JSON",
            discussion: "Equal digests mean equal read models, whichever way they were built.",
            parameters: .data
        ) { options in
            let martlet = try Martlet(DataDirectory(options.value(.data), create: false))
            await martlet.settle()
            let stopped = martlet.states.all
            let (position, digests) = try martlet.views.store.digests()
            try await martlet.close()
            if let first = stopped.first { throw Failure("\(first)") }
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
}
