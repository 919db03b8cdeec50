"""Data sets: commands, the data directory that Martlet made of them, and the events, each made once and kept."""

from __future__ import annotations

import dataclasses
import gzip
import json
import random
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from .processes import Failure, run
from .survey import CLASSES, Survey
from .workplace import Workplace

READERS = 16
"""How many readers of each class are added to a data set."""
HIGGS = {10_000: "higgs-20k.jsonl.gz", 100_000: "higgs-1m.jsonl.gz", 1_000_000: "higgs-1m.jsonl.gz"}
"""Which file real data of a size comes from; less than the whole is its beginning."""


@dataclasses.dataclass
class DataSet:
    """A history and what was made of it."""

    source: str
    size: int
    directory: Path

    @property
    def name(self) -> str:
        """For people and file names."""
        return f"{self.source}-{self.size}"

    @property
    def martlet(self) -> Path:
        """Martlet's data directory. Never served: a run works on a copy."""
        return self.directory / "martlet"

    def generation(self, data: Path | None = None) -> Path:
        """The read models in use, of the data set itself or of a copy of its data directory."""
        views = (data or self.martlet) / "views"
        return views / (views / "current").read_text().strip()

    def events(self, place: Workplace) -> Path:
        """All events as JSON Lines, for peers; exported once."""
        path = self.directory / "events.jsonl"
        if not path.exists():
            part = path.with_suffix(".part")
            with open(part, "wb") as output:
                done = subprocess.run([place.martlet, "export", "--data", self.martlet], stdout=output,
                                      stderr=subprocess.PIPE)
            if done.returncode != 0:
                raise Failure(f"martlet export: {done.stderr.decode(errors='replace')[-400:]}")
            part.rename(path)
        return path

    def survey(self, place: Workplace) -> Survey:
        """Whom and what a load asks for."""
        return Survey.parse(run([place.bin / "survey", self.generation()]))

    def copy(self, target: Path) -> Path:
        """A copy of the data directory that may be written to."""
        run(["cp", "-a", "--reflink=auto", "--sparse=always", self.martlet, target])
        flush(target)
        return target


def flush(directory: Path) -> None:
    """Brings a copy to the disk, so that nobody's first commit waits for it."""
    run(["sync", *(path for path in directory.rglob("*") if path.is_file())])


def make(place: Workplace, source: str, size: int) -> DataSet:
    """Makes a data set, or finds it made; `source` is `generated` or `higgs`."""
    data = DataSet(source, size, place.data / f"{source}-{size}")
    if not (data.directory / "complete").exists():
        lines = _higgs(place, size) if source == "higgs" else _generated(place, size)
        shutil.rmtree(data.directory, ignore_errors=True)
        data.directory.mkdir(parents=True)
        _import(place, with_readers(lines), data.martlet)
        (data.directory / "complete").touch()
    return data


def _generated(place: Workplace, size: int) -> Iterator[bytes]:
    # No pictures: the peers' schema has none. 1500 accounts at least, so that one can follow 1000.
    arguments = ["generate", "--seed", "1", "--commands", str(size), "--accounts", str(max(1500, size // 200)),
                 "--pictures", "0"]
    with subprocess.Popen([place.martlet, *arguments], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield from process.stdout
    if process.returncode != 0:
        raise Failure(f"martlet generate ended with status {process.returncode}")


def _higgs(place: Workplace, size: int) -> Iterator[bytes]:
    name = HIGGS.get(size)
    path = place.repository.parent / "shared/data" / (name or "")
    if name is None or not path.is_file():
        raise Failure(f"there is no real data of {size} commands beside the repository (../shared/data)")

    def lines() -> Iterator[bytes]:
        with gzip.open(path) as file:
            for number, line in enumerate(file):
                if number == size:
                    return
                yield line
    return lines()


def with_readers(lines: Iterable[bytes], seed: int = 1) -> Iterator[bytes]:
    """Passes a history on, and adds readers who follow exactly so many accounts as each class says.

    Half of those that a reader follows are drawn in proportion to how often they were followed, half evenly. A class that
    is larger than the history has accounts is left out.
    """
    chance = random.Random(seed)
    handles: list[str] = []
    popular: list[str] = []
    last = "1970-01-01T00:00:00Z"
    line = b""
    follows = 0
    for line in lines:
        yield line
        if b'"do":"register"' in line:
            handles.append(json.loads(line)["user"])
        elif b'"do":"follow"' in line:
            # A sample of even chances from a stream of unknown length.
            follows += 1
            place = len(popular) if len(popular) < 20_000 else chance.randrange(follows)
            if place < 20_000:
                popular[place:place + 1] = [json.loads(line)["target"]]
    if line:
        last = json.loads(line)["at"]
    for wanted in CLASSES:
        if wanted > len(handles):
            continue
        for number in range(READERS):
            user = f"reader-{wanted}-{number}"
            yield _line({"at": last, "do": "register", "user": user, "name": f"Reader {number} of {wanted}"})
            for target in sorted(_pick(wanted, handles, popular, chance)):
                yield _line({"at": last, "do": "follow", "user": user, "target": target})


def _pick(count: int, handles: list[str], popular: list[str], chance: random.Random) -> set[str]:
    picked: set[str] = set()
    for _ in range(2 * count):
        if popular and len(picked) < count // 2:
            picked.add(chance.choice(popular))
    while len(picked) < count:
        picked.add(chance.choice(handles))
    return picked


def _line(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def _import(place: Workplace, lines: Iterable[bytes], target: Path) -> None:
    command = [place.martlet, "import", "--data", target, "--demo-keys", "-"]
    log = place.log("import")
    with open(log, "wb") as output, subprocess.Popen(command, stdin=subprocess.PIPE, stdout=output,
                                                     stderr=output) as process:
        assert process.stdin is not None
        try:
            process.stdin.writelines(lines)
        except BrokenPipeError:
            pass
    if process.returncode != 0:
        raise Failure(f"martlet import: {log.read_text(errors='replace')[-400:]}")
