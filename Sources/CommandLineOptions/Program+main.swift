internal import Glibc

extension Program {
    /// Does what the process's command line asks for.
    ///
    /// - Returns: the status to end with: 0, 1 if the subcommand failed, 2 if it could not be understood.
    public func main() async -> Int32 {
        do {
            let arguments = Array(CommandLine.arguments.dropFirst())
            let invocation = try parse(arguments, environment: processEnvironment(), dotEnv: dotEnvText)
            switch invocation {
            case .show(let text): print(text)
            case .run(let subcommand, let values):
                do {
                    try await subcommand.run(values)
                } catch let error as CommandLineError {
                    throw error
                } catch {
                    complain("\(name) \(subcommand.name): \(error)")
                    return 1
                }
            }
            return 0
        } catch {
            complain("\(error)")
            return 2
        }
    }

    private func dotEnvText() throws(CommandLineError) -> String? {
        do throws(DotEnvFile.Problem) {
            return try DotEnvFile.contents(of: ".env")
        } catch {
            throw CommandLineError(command: name, problem: .unreadableDotEnv(reason: error.reason))
        }
    }
}

/// The process's variables. Later threads may change them, so this is read once, at the start.
private func processEnvironment() -> [String: String] {
    var variables: [String: String] = [:]
    var next = environ
    while let entry = next.pointee {
        let parts = String(cString: entry).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
        next += 1
    }
    return variables
}

private func complain(_ message: String) {
    // Not through `stderr`: Swift takes the global for shared mutable state.
    let bytes = Array((message + "\n").utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
}
