import Files
import Glibc
import TestSupport
import Testing

@Suite struct FilesTests {
    private let directory = TemporaryDirectory()

    @Test func `A directory's names are all there, without dots`() throws {
        for name in ["a", "b"] { try SmallFile.replace(directory.path + "/" + name, with: "x") }
        #expect(try Directory.names(in: directory.path).sorted() == ["a", "b"])
    }

    @Test func `What is not a directory is an error that names path and reason`() {
        let error = #expect(throws: FileError.self) { try Directory.names(in: directory.path + "/none") }
        #expect(error?.description == "cannot open \(directory.path)/none: No such file or directory")
    }

    @Test func `Making says whether the directory is new`() throws {
        #expect(try Directory.make(directory.path + "/new"))
        #expect(try !Directory.make(directory.path + "/new"))
        #expect(throws: FileError.self) { try Directory.make(directory.path + "/none/below") }
    }

    @Test func `Removing takes the files along, and what is not there is removed already`() throws {
        let path = directory.path + "/new"
        try Directory.make(path)
        try SmallFile.replace(path + "/file", with: "x")
        try Directory.remove(path)
        #expect(!SmallFile.exists(path))
        try Directory.remove(path)
    }

    @Test func `A small file is replaced as a whole, and nothing is left beside it`() throws {
        let path = directory.path + "/file"
        #expect(SmallFile.read(path) == nil)
        for text in ["first", "second"] {
            try SmallFile.replace(path, with: text)
            #expect(SmallFile.read(path) == text)
        }
        #expect(try Directory.names(in: directory.path) == ["file"])
        #expect(throws: FileError.self) { try SmallFile.replace(directory.path + "/none/file", with: "x") }
    }
}
