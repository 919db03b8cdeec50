"""Runs nginx with the documented configuration, a martlet behind it, or something that only shows what it was sent."""

from __future__ import annotations

import http.server
import os
import re
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from pathlib import Path

MARTLET, NGINX = os.environ["MARTLET"], os.environ["NGINX"]
DOCUMENT = Path(__file__).parents[2] / "docs/operations.md"
KEY = "proxy-key"
HOST = "birds.example.org"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port: int, process: subprocess.Popen, log: Path) -> None:
    """Waits until something listens there."""
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise AssertionError(f"{process.args[0]} does not listen on port {port}; it said:\n{log.read_text()}")


def documented() -> str:
    """The configuration as the document has it: the block that begins with `upstream martlet`."""
    lines = DOCUMENT.read_text().splitlines()
    start = lines.index("    upstream martlet {")
    block = []
    for line in lines[start:]:
        if line and not line.startswith("    "):
            break
        block.append(line[4:])
    return "\n".join(block)


class Running:
    """A temporary directory and the processes that run in it."""

    def __init__(self) -> None:
        self.directory = tempfile.TemporaryDirectory(prefix="martlet-proxy-")
        self.work = Path(self.directory.name)
        self.processes: list[subprocess.Popen] = []

    def start(self, name: str, port: int, *command: str) -> subprocess.Popen:
        log = self.work / f"{name}.log"
        with open(log, "w") as output:
            process = subprocess.Popen(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
        self.processes.append(process)
        wait_for(port, process, log)
        return process

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.directory.cleanup()

    def martlet(self) -> int:
        """Starts one with an account; its port."""
        data, port = str(self.work / "data"), free_port()
        subprocess.run([MARTLET, "account", "create", "--data", data, "--handle", "ada", "--name", "Ada", "--key", KEY],
                       check=True, stdout=subprocess.DEVNULL)
        self.start("martlet", port, MARTLET, "serve", "--data", data, "--listen", f"127.0.0.1:{port}", "--trusted-proxy", "127.0.0.1")
        return port

    def nginx(self, upstream: int) -> Proxy:
        """Starts nginx before the server on that port."""
        work = self.work
        certificate, key = work / "fullchain.pem", work / "privkey.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}", "-addext",
                        f"subjectAltName=DNS:{HOST}", "-keyout", key, "-out", certificate], check=True, stderr=subprocess.DEVNULL)
        plain, tls = free_port(), free_port()
        text = documented()
        # Only places change: ports, and where the certificate lies.
        for there, here in [
            ("server 127.0.0.1:8080;", f"server 127.0.0.1:{upstream};"), ("listen 80;", f"listen 127.0.0.1:{plain};"),
            ("listen 443 ssl http2;", f"listen 127.0.0.1:{tls} ssl http2;"),
            (f"/etc/ssl/{HOST}/fullchain.pem", str(certificate)), (f"/etc/ssl/{HOST}/privkey.pem", str(key)),
        ]:
            assert text.count(there) == 1, f"{DOCUMENT.name} was to have {there!r} once in nginx's configuration"
            text = text.replace(there, here)
        temporary = "".join(f"{kind}_temp_path {work}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (work / "nginx.conf").write_text(
            ("user root;\n" if os.geteuid() == 0 else "") + f"daemon off;\npid {work}/nginx.pid;\nerror_log stderr;\nworker_processes 1;\n"
            f"events {{ worker_connections 512; }}\nhttp {{\naccess_log off;\n{temporary}{text}\n}}\n")
        self.start("nginx", tls, NGINX, "-p", str(work), "-e", "stderr", "-c", str(work / "nginx.conf"))
        return Proxy(plain, tls, certificate)


class Proxy:
    def __init__(self, plain: int, tls: int, certificate: Path):
        self.plain, self.tls, self.certificate = plain, tls, certificate

    def connect(self) -> socket.socket:
        """A connection over TLS that speaks HTTP/1.1."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        return context.wrap_socket(socket.create_connection(("127.0.0.1", self.tls), 30), server_hostname=HOST)


class Mirror(http.server.ThreadingHTTPServer):
    """A server that keeps the heads that it is sent, and answers 204."""

    def __init__(self) -> None:
        seen: list[tuple[str, dict[str, str]]] = []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                seen.append((self.requestline, dict(self.headers.items())))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.seen = seen
        threading.Thread(target=self.serve_forever, daemon=True).start()
