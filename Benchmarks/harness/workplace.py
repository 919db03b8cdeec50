"""Where everything is: the repository, the programs, and a directory for data that outlives a run."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .processes import Failure, run


class Workplace:
    """The directories and programs of a run."""

    def __init__(self, root: Path, program: Path | None) -> None:
        self.repository = Path(__file__).resolve().parents[2]
        self.benchmarks = self.repository / "Benchmarks"
        self.root = root
        self.bin = root / "bin"
        self.data = root / "data"
        self.logs = root / "logs"
        self.scratch_root = root / "scratch"
        shutil.rmtree(self.scratch_root, ignore_errors=True)
        for directory in (self.bin, self.data, self.logs, self.scratch_root):
            directory.mkdir(parents=True, exist_ok=True)
        # Peers that run as another user must be able to pass through.
        for directory in (root, self.scratch_root):
            directory.chmod(0o755)
        self._program = program
        self.append_program: Path | None = None
        self.parent_program: Path | None = None

    @property
    def martlet(self) -> Path:
        """The release build of the program."""
        return self._program or self.repository / ".build/release/martlet"

    def build(self) -> None:
        """Builds everything that is measured."""
        if self._program is None:
            self._swift("build", "-c", "release", "--static-swift-stdlib", "--product", "martlet")
        self._compile_limit()

    def build_append(self) -> Path:
        """Builds the program that appends to Martlet's log without HTTP, and tells where it is."""
        if self.append_program is None:
            if self._program is not None and (beside := self._program.with_name("append-bench")).exists():
                self.append_program = beside
            else:
                self._swift("build", "-c", "release", "--static-swift-stdlib", "--product", "append-bench")
                self.append_program = self.repository / ".build/release/append-bench"
        return self.append_program

    def _swift(self, *arguments: str) -> None:
        done = subprocess.run([self.repository / ".ci/swift", *arguments], cwd=self.repository, stdout=sys.stderr)
        if done.returncode != 0:
            raise Failure(f"swift {' '.join(arguments)} failed")

    def _compile_limit(self) -> None:
        # All of them: what another checkout built here may be newer than these sources.
        run(["make", "-s", "-B", "-C", self.benchmarks / "limit", f"OUT={self.bin}"])

    @contextlib.contextmanager
    def scratch(self, name: str) -> Iterator[Path]:
        """A directory that is removed in the end."""
        directory = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self.scratch_root))
        try:
            yield directory
        finally:
            shutil.rmtree(directory, ignore_errors=True)

    def log(self, name: str) -> Path:
        """A file for what a server says, empty at first."""
        path = self.logs / f"{name}.log"
        path.unlink(missing_ok=True)
        return path

    def venv(self, name: str, requirements: Path) -> Path:
        """A virtual environment that holds what a file asks for; made when the file is new or changed."""
        directory = self.root / f"venv-{name}"
        stamp = directory / "requirements.sha256"
        digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
        if not stamp.exists() or stamp.read_text() != digest:
            shutil.rmtree(directory, ignore_errors=True)
            run([sys.executable, "-m", "venv", directory])
            run([directory / "bin/pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements])
            stamp.write_text(digest)
        return directory

    def require(self, program: str, package: str) -> str:
        """A program's path; its Debian package is installed when it is missing and this is root."""
        if found := shutil.which(program):
            return found
        self.install(package)
        if found := shutil.which(program):
            return found
        raise Failure(f"{program} is still missing after its package {package} was installed")

    def install(self, package: str) -> None:
        """Installs a Debian package, or says why it cannot."""
        if os.geteuid() != 0:
            raise Failure(f"the Debian package {package} is missing, and only root can install it")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        install = ["apt-get", "install", "-y", "--no-install-recommends", package]
        try:
            run(install, env=environment)
        except (Failure, FileNotFoundError):
            try:
                run(["apt-get", "update", "-q"], env=environment)
                run(install, env=environment)
            except (Failure, FileNotFoundError) as failure:
                raise Failure(f"the Debian package {package} cannot be installed: {failure}") from None
