import Foundation
import TestSupport
import Testing

@testable import Application

/// One process at a time has a data directory; the second one is told who was first.
@Suite struct DataDirectoryTests {
    private let directory = TemporaryDirectory()
    private var path: String { directory.path + "/data" }

    private func failure(_ path: String, create: Bool = false) -> String? {
        do {
            _ = try DataDirectory(path, create: create)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func `A new directory gets its parts`() throws {
        let data = try DataDirectory(path, create: true)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: path).sorted() == ["lock", "log", "media", "views"])
        #expect(data.path == path)
        #expect(data.log == path + "/log")
    }

    @Test func `A missing directory is named with what makes one`() {
        let message = failure(path)
        #expect(message?.hasPrefix("there is no data directory \(path); `martlet") == true)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `Slashes at the end make no difference`() throws {
        let data = try DataDirectory(path + "/", create: true)
        #expect(data.path == path)
        #expect(failure(path + "//") != nil)
    }

    @Test func `A second opening in the same process is refused until the first ends`() throws {
        var first: DataDirectory? = try DataDirectory(path, create: true)
        #expect(first != nil)
        let process = ProcessInfo.processInfo.processIdentifier
        let message = "the data directory \(path) is in use by process \(process); stop that one first"
        #expect(failure(path) == message)
        #expect(failure(path, create: true) == message)
        first = nil
        #expect(failure(path) == nil)
    }

    @Test func `A directory that another process has is refused with its ID`() throws {
        _ = try DataDirectory(path, create: true)
        // The shell writes its id as Martlet does, then holds the lock until its input ends.
        let holding = "echo $$ > '\(path)/lock'; echo ready; read line"
        let other = try ChildProcess(["flock", path + "/lock", "/bin/sh", "-c", holding], input: .open)
        #expect(String(decoding: other.read(6), as: UTF8.self) == "ready\n")
        let holder = try String(contentsOfFile: path + "/lock", encoding: .utf8).dropLast()
        #expect(failure(path) == "the data directory \(path) is in use by process \(holder); stop that one first")
        other.closeInput()
        _ = other.wait()
        #expect(failure(path) == nil)
    }

    @Test func `What is not a directory is an error of the system`() throws {
        try Data("x".utf8).write(to: URL(filePath: path))
        #expect(failure(path)?.contains("Not a directory") == true)
        #expect(failure(directory.path + "/a/b", create: true)?.contains("No such file or directory") == true)
    }
}
