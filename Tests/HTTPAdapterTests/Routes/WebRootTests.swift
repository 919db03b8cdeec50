import ContractChecks
import FoundationEssentials
import Glibc
import Testing

@testable import HTTPAdapter

/// The front end's files, and what must not be reached beside them.
@Suite struct WebRootTests {
    private static let files = [
        "index.html": "<page>", "favicon.ico": "icon", "js/app.abc123.js": "script", "css/app.css": "style",
        "img/logo.svg": "<svg/>", "fonts/a.woff2": "font", "empty.txt": "", "js/index.html": "not a page",
        ".env": "secret",
        ".git/config": "secret", "js/.hidden": "secret", "sp ace/ü.txt": "umlaut", "api/trap": "trap",
        "media/trap": "trap",
        "noend": "binary",
    ]

    /// Runs a test against a server with a front end; a file of somebody else's lies beside it.
    private func serve(
        _ transport: Transport, policy: String? = nil, _ body: (LiveServer, _ root: String) async throws -> Void
    ) async throws {
        var template = Array("/tmp/martlet-test-XXXXXX".utf8CString)
        let outside = String(cString: mkdtemp(&template))
        defer { try? FileManager.default.removeItem(atPath: outside) }
        let root = outside + "/root"
        for (name, text) in Self.files {
            let path = "\(root)/\(name)"
            let folder = path.split(separator: "/").dropLast().joined(separator: "/")
            try FileManager.default.createDirectory(atPath: "/" + folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(filePath: path))
        }
        try Data("secret".utf8).write(to: URL(filePath: outside + "/secret.txt"))
        let settings = try LiveServer.with {
            $0.http.webRoot = root
            $0.http.pagePolicy = policy
        }
        try await settings.run(transport) { try await body($0, root) }
    }

    @Test(arguments: Transport.allCases) func `The page and its files are sent`(transport: Transport) async throws {
        try await serve(transport) { live, _ throws in
            let types = [
                ("/", "<page>", "text/html; charset=utf-8"), ("/login", "<page>", "text/html; charset=utf-8"),
                ("/profile/3", "<page>", "text/html; charset=utf-8"),
                ("/profile/x", "<page>", "text/html; charset=utf-8"),
                ("/index.html", "<page>", "text/html; charset=utf-8"), ("/favicon.ico", "icon", "image/x-icon"),
                ("/js/app.abc123.js", "script", "text/javascript; charset=utf-8"),
                ("/css/app.css", "style", "text/css; charset=utf-8"), ("/img/logo.svg", "<svg/>", "image/svg+xml"),
                ("/fonts/a.woff2", "font", "font/woff2"), ("/empty.txt", "", "text/plain; charset=utf-8"),
                ("/sp%20ace/%c3%bc.txt", "umlaut", "text/plain; charset=utf-8"),
                ("/noend", "binary", "application/octet-stream"), ("/?a=b", "<page>", "text/html; charset=utf-8"),
            ]
            for (target, text, type) in types {
                let answer = try live.stranger.get(target)
                #expect(answer.status == 200, "\(target)")
                #expect(answer.text == text, "\(target)")
                #expect(answer["Content-Type"] == type, "\(target)")
                #expect(answer["X-Content-Type-Options"] == "nosniff")
                let head = try live.stranger.call("HEAD", target)
                #expect(head.status == 200)
                #expect(head["Content-Length"] == "\(text.utf8.count)")
                let tag = try #require(answer["ETag"])
                #expect(try live.stranger.get(target, headers: "If-None-Match: \(tag)\r\n").status == 304)
            }
            let part = try live.stranger.get("/js/app.abc123.js", headers: "Range: bytes=1-3\r\n")
            #expect(part.status == 206)
            #expect(part.text == "cri")
        }
    }

    @Test(arguments: Transport.allCases) func `A file that changes is sent anew`(transport: Transport) async throws {
        try await serve(transport) { live, root in
            let first = try live.stranger.get("/css/app.css")
            try Data("other style".utf8).write(to: URL(filePath: root + "/css/app.css"))
            let tag = try #require(first["ETag"])
            let second = try live.stranger.get("/css/app.css", headers: "If-None-Match: \(tag)\r\n")
            #expect(second.status == 200)
            #expect(second.text == "other style")
            #expect(second["Cache-Control"] == "no-cache")
        }
    }

    @Test(arguments: Transport.allCases) func `Nothing outside of the root is reached, whatever the path looks like`(
        transport: Transport
    ) async throws {
        try await serve(transport) { live, root in
            let outside = root.replacing("/root", with: "")
            try FileManager.default.createSymbolicLink(
                atPath: root + "/link.txt", withDestinationPath: outside + "/secret.txt")
            try FileManager.default.createSymbolicLink(atPath: root + "/folder", withDestinationPath: outside)
            try FileManager.default.createSymbolicLink(atPath: root + "/inside.txt", withDestinationPath: "css/app.css")
            mkfifo(root + "/pipe", 0o600)
            let targets = [
                "/../secret.txt", "/../../etc/passwd", "/../../../../../../../etc/passwd", "/%2e%2e/secret.txt",
                "/%2E%2e/%2e%2E/etc/passwd", "/..%2fsecret.txt", "/%2e%2e%2fsecret.txt", "/js/../../secret.txt",
                "/js/..%2f..%2fsecret.txt", "/..\\secret.txt", "/..%5csecret.txt", "/%252e%252e/secret.txt",
                "/./index.html", "/js/./app.abc123.js", "/js/../index.html", "//index.html", "/js//app.abc123.js",
                "//etc/passwd", "/%2fetc/passwd", "/.env", "/%2eenv", "/.git/config", "/js/.hidden", "/link.txt",
                "/folder/secret.txt", "/folder/", "/js", "/js/", "/css/", "/pipe", "/index.html/", "/index.html/x",
                "/profile", "/profile/", "/profile/3/4", "/login/", "/login/x", "/profile/..%2f..%2fsecret.txt/x",
                "/nothing", "/nothing.js", "/c%3a/x", "/~root", "/index.html.", "/INDEX.HTML",
                "/%c0%ae%c0%ae/secret.txt",
                "/" + String(repeating: "a", count: 5000), "/" + String(repeating: "a/", count: 1000),
                "/" + String(repeating: "../", count: 500) + "etc/passwd",
            ]
            for target in targets {
                let answer = try live.stranger.get(target)
                #expect(answer.status == 404, "\(target.prefix(100))")
                #expect(!answer.text.contains("secret") && !answer.text.contains("root:"), "\(target.prefix(100))")
            }
            #expect(try live.stranger.get("/inside.txt").text == "style")
            #expect(try live.stranger.get("/index.html%00.js").status == 400)
        }
    }

    @Test(arguments: Transport.allCases) func `Nothing under api, media or admin falls through to the page`(
        transport: Transport
    ) async throws {
        try await serve(transport) { live, _ throws in
            for target in [
                "/api", "/api/", "/api/trap", "/api/x", "/media", "/media/", "/media/trap", "/media/a/b", "/admin",
            ] {
                let answer = try live.stranger.get(target)
                #expect(answer.status == 404, "\(target)")
            }
            #expect(try live.stranger.get("/api/users/me").status == 401)
            #expect(try live.stranger.get("/healthz").json?["result"] == .boolean(true))
            #expect(try live.stranger.get("/docs")["Content-Type"]?.hasPrefix("text/html") == true)
            #expect(try live.stranger.post("/").status == 405)
            #expect(try live.stranger.post("/login", "user=x").status == 405)
        }
    }

    @Test(arguments: Transport.allCases) func `A page comes with a strict policy, or with the operator's`(
        transport: Transport
    ) async throws {
        try await serve(transport) { live, _ throws in
            for path in ["/", "/login", "/profile/3", "/js/index.html"] {
                for headers in ["", "If-None-Match: *\r\n"] {
                    let page = try live.stranger.get(path, headers: headers)
                    let policy = try #require(page["Content-Security-Policy"])
                    #expect(policy.hasPrefix("default-src 'self'; ") && policy.hasSuffix("frame-ancestors 'none'"))
                    #expect(page["Referrer-Policy"] == "no-referrer")
                }
            }
            for path in ["/js/app.abc123.js", "/img/logo.svg", "/favicon.ico"] {
                let file = try live.stranger.get(path)
                #expect(file["Content-Security-Policy"] == nil)
                #expect(file["Referrer-Policy"] == nil)
            }
            #expect(try live.stranger.call("OPTIONS", "/login")["Allow"] == "GET, HEAD, OPTIONS")
            #expect(try live.stranger.call("OPTIONS", "/nothing").status == 404)
            #expect(try live.stranger.post("/nothing").status == 404)
            let near = try live.stranger.get("/Login/").json?["error_message"]?.string
            #expect(near?.hasSuffix("; it is /login, without a slash at its end and in small letters") == true)
        }
        try await serve(transport, policy: "default-src *") { live, _ throws in
            #expect(try live.stranger.get("/login")["Content-Security-Policy"] == "default-src *")
        }
    }

    @Test(arguments: Transport.allCases) func `A compressed file beside another is sent to who accepts gzip`(
        transport: Transport
    ) async throws {
        try await serve(transport) { live, root in
            try Data("packed".utf8).write(to: URL(filePath: root + "/css/app.css.gz"))
            let gzip = "Accept-Encoding: gzip\r\n"
            let (plain, packed) = (
                try live.stranger.get("/css/app.css"), try live.stranger.get("/css/app.css", headers: gzip)
            )
            #expect(plain.text == "style" && plain["Content-Encoding"] == nil)
            #expect(packed.text == "packed" && packed["Content-Encoding"] == "gzip")
            let tag = try #require(packed["ETag"])
            #expect(plain["ETag"] != tag)
            for answer in [plain, packed] {
                #expect(answer["Content-Type"] == "text/css; charset=utf-8")
                #expect(answer["Vary"] == "Accept-Encoding")
            }
            let again = try live.stranger.get("/css/app.css", headers: gzip + "If-None-Match: \(tag)\r\n")
            #expect(again.status == 304)
            #expect(try live.stranger.get("/css/app.css", headers: "If-None-Match: \(tag)\r\n").status == 200)
            #expect(try live.stranger.get("/js/app.abc123.js", headers: gzip)["Vary"] == nil)
            // One that was made before the file changed is not sent.
            var times = [timespec(tv_sec: 1000, tv_nsec: 0), timespec(tv_sec: 1000, tv_nsec: 0)]
            #expect(utimensat(AT_FDCWD, root + "/css/app.css.gz", &times, 0) == 0)
            let newer = try live.stranger.get("/css/app.css", headers: gzip)
            #expect(newer.text == "style" && newer["Content-Encoding"] == nil)
            // Nor one that leads out of the root.
            try FileManager.default.removeItem(atPath: root + "/css/app.css.gz")
            try FileManager.default.createSymbolicLink(
                atPath: root + "/css/app.css.gz", withDestinationPath: root.replacing("/root", with: "/secret.txt"))
            #expect(try live.stranger.get("/css/app.css", headers: gzip).text == "style")
        }
    }

    @Test(arguments: Transport.allCases) func `Without a front end the root leads to the documentation`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live throws in
            let answer = try live.stranger.get("/")
            #expect(answer.status == 302)
            #expect(answer["Location"] == "/docs")
            #expect(try live.stranger.get("/login").status == 404)
        }
    }
}
