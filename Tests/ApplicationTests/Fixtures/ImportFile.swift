import FoundationEssentials
import PlainViews

@testable import Application

/// Lines of an import, and ways to bring them in.
struct ImportFile {
    var lines: [String]

    /// All that a line can be, once.
    static let small = ImportFile(lines: [
        #"{"at":"2012-07-01T00:00:01Z","do":"register","user":"u1","name":"Zesty Maple","key":"a-key-of-u1"}"#,
        #"{"at":"2012-07-01T00:00:02Z","do":"register","user":"u2"}"#,
        #"{"at":"2012-07-01T00:00:02Z","do":"post","user":"u1","post":"p1","text":"first"}"#,
        #"{"at":"2012-07-01T00:00:03.5Z","do":"post","user":"u2","post":"p2","text":"an answer","reply_to":"p1"}"#,
        #"{"at":"2012-07-01T00:00:04Z","do":"media","user":"u2","media":"m1","base64":"\#(gif)"}"#,
        #"{"at":"2012-07-01T00:00:05Z","do":"post","user":"u2","post":"p3","text":"a picture","media":["m1"]}"#,
        #"{"at":"2012-07-01T00:00:06Z","do":"like","user":"u1","post":"p3"}"#,
        #"{"at":"2012-07-01T00:00:06Z","do":"like","user":"u1","post":"p3"}"#,
        #"{"at":"2012-07-01T00:00:07Z","do":"like","user":"u2","post":"p1"}"#,
        #"{"at":"2012-07-01T00:00:08Z","do":"unlike","user":"u2","post":"p1"}"#,
        #"{"at":"2012-07-01T00:00:09Z","do":"follow","user":"u2","target":"u1"}"#,
        #"{"at":"2012-07-01T00:00:10Z","do":"follow","user":"u1","target":"u2"}"#,
        #"{"at":"2012-07-01T00:00:11Z","do":"unfollow","user":"u1","target":"u2"}"#,
        #"{"at":"2012-07-01T02:00:12+02:00","do":"delete","user":"u2","post":"p2"}"#,
    ])

    /// A file that begins like a GIF.
    static let gif = Data("GIF89a and some more".utf8).base64EncodedString()

    /// Adds every line, as a program does that stops at the first error, and finishes.
    @discardableResult
    func run(_ martlet: Martlet, _ options: ImportOptions = ImportOptions()) throws(ImportError) -> Importer {
        let importer = Importer(martlet, options)
        try add(to: importer)
        try importer.finish()
        return importer
    }

    /// Adds every line and does not wait.
    func add(to importer: Importer) throws(ImportError) {
        for line in lines {
            try Array(line.utf8).withUnsafeBufferPointer { bytes throws(ImportError) in
                try importer.add(UnsafeRawBufferPointer(bytes))
            }
        }
    }

    /// The error that the import ends with.
    func failure(_ martlet: Martlet, _ options: ImportOptions = ImportOptions()) -> ImportError? {
        do {
            try run(martlet, options)
            return nil
        } catch {
            return error
        }
    }

    func replacing(line number: Int, by line: String) -> ImportFile {
        var file = self
        file.lines[number - 1] = line
        return file
    }

    func prefix(_ count: Int) -> ImportFile { ImportFile(lines: Array(lines.prefix(count))) }
}

extension Importer {
    /// The map as text.
    var names: [String] {
        var names: [String] = []
        map { name, id in names.append("\(name) \(id)") }
        return names
    }
}
