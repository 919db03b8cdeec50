import Application
import CommandLineOptions
import Microblog
import Projections

extension Subcommand {
    static var stats: Subcommand {
        Subcommand(
            "stats", summary: "print events by type, tables, and sizes on disk", parameters: .data, .masterKey
        ) { options in
            let directory = try options.dataDirectory()
            let martlet = try Martlet(directory)
            await martlet.settle()
            let events = try martlet.eventsByType()
            let tables = try martlet.tables()
            let newest = martlet.newest
            try await martlet.close()
            var text = "position \(newest.position)\n"
            if newest.position > 0 { text += "newest event \(newest.time)\n" }
            text += "\nevents\n"
            for (type, count) in events { text += row(type.name, "\(count)") }
            text += "\ntables of the read models (rows, bytes)\n"
            for table in tables { text += row(table.table, "\(table.rows)", "\(table.bytes)") }
            text += "\nbytes on disk\n"
            for (name, bytes) in directory.bytesOnDisk() { text += row(name, "\(bytes)") }
            try Console.result(Array(text.utf8))
        }
    }
}

/// A line with its numbers in columns.
private func row(_ name: String, _ values: String...) -> String {
    var line = "  " + name + String(repeating: " ", count: max(1, 22 - name.count))
    for value in values { line += String(repeating: " ", count: max(1, 14 - value.count)) + value }
    return line + "\n"
}
