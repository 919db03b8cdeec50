import Application
import CommandLineOptions
import Microblog

extension Parameter where Value == Stream {
    fileprivate static var entity: Parameter {
        .positional(
            "entity", .entity, help: "post/812, account/5, @alice, media/9; also key/HASH, like/812/5, follow/5/17")
    }
}

extension ValueFormat where Value == Stream {
    /// An account, post, file or other entity by the name of its stream, or an account by `@` and its handle.
    fileprivate static var entity: ValueFormat {
        ValueFormat(placeholder: "ENTITY", expectation: "an entity such as post/812, account/5, @alice or media/9") {
            text in
            if text.hasPrefix("@") { return (try? Handle(String(text.dropFirst()))).map { .handle($0) } }
            return Stream(name: text)
        }
    }
}

extension Subcommand {
    static var history: Subcommand {
        Subcommand(
            "history", summary: "write every event of a post, an account or a file, as JSON Lines",
            discussion: """
                Also while a server runs. A post: its publication, media attached to it, likes and their taking back, its
                deletion. An account (by id, or by its handle as @alice or handle/alice): its registration, everything it
                did, its keys issued and revoked, and who followed or unfollowed it. A file: its upload, its coming onto a
                post, and the deletion of that post.
                """,
            parameters: .data, .masterKey, .entity
        ) { options in
            let events = try EventReader(
                dataDirectory: options.value(.data), masterKey: options.optionalValue(.masterKey))
            let entity = try options.value(.entity)
            try ResultLines.write { output in
                try events.history(of: entity) { try output.add($0) }
            }
        }
    }
}
