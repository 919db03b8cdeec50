"""Writes what a run found: results.json and table.md."""

from __future__ import annotations

import dataclasses
import json
import os
import platform
import subprocess
from collections.abc import Iterable
from pathlib import Path

from . import goals
from .rows import LIMITS, MARTLET, NO_OPERATIONS, Missing, Results, Row

HEADER = ("data", "variant", "conns", "who", "rate", "unit", "p50 ms", "p99 ms", "p99.9 ms", "at rate", "CPU us/req",
          "sender cores", "RssAnon MB", "sync", "note")


def environment(repository: Path) -> dict[str, object]:
    """What the numbers depend on besides the programs."""
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=repository, capture_output=True, text=True)
    dirty = subprocess.run(["git", "status", "--porcelain", "--untracked-files=no"], cwd=repository,
                           capture_output=True, text=True)
    cpu = [line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
           if line.startswith("model name")]
    memory = int(Path("/proc/meminfo").read_text().split()[1])
    return {
        "commit": commit.stdout.strip(), "changed": bool(dirty.stdout.strip()), "cores": os.cpu_count(),
        "cpu": cpu[0] if cpu else "unknown", "memory_gib": round(memory / 2**20, 1), "kernel": platform.release(),
        "system": platform.freedesktop_os_release().get("PRETTY_NAME", "unknown"),
    }


def write(results: Results, about: dict[str, object], directory: Path) -> None:
    """Writes both files."""
    directory.mkdir(parents=True, exist_ok=True)
    plain = dataclasses.asdict(Row("", ""))
    rows = [{key: value for key, value in dataclasses.asdict(row).items() if value != plain[key]} for row in results.rows]
    missing = [dataclasses.asdict(gap) for gap in results.missing]
    document = {"about": about, "rows": rows, "missing": missing}
    (directory / "results.json").write_text(lines_of_json(document))
    (directory / "table.md").write_text(table(results, about))


def read(directory: Path) -> tuple[Results, dict[str, object]]:
    """Reads what `write` wrote, to draw it anew."""
    document = json.loads((directory / "results.json").read_text())
    results = Results()
    results.rows = [Row(**row) for row in document["rows"]]
    results.missing = [Missing(**gap) for gap in document["missing"]]
    return results, document["about"]


def lines_of_json(document: dict[str, object]) -> str:
    """JSON with a line for each entry of a list: histograms are long, and what differs between runs should be readable."""
    def text(value: object) -> str:
        if not isinstance(value, list):
            return json.dumps(value, ensure_ascii=False)
        return "[\n" + ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in value) + "\n]"

    return "{" + ",\n".join(f"{json.dumps(name)}: {text(value)}" for name, value in document.items()) + "}\n"


def table(results: Results, about: dict[str, object]) -> str:
    """Everything as Markdown: a section for each case."""
    lines = ["# Results", ""]
    lines += [f"* {name}: {value}" for name, value in about.items()]
    lines += ["", "How each case is measured, and what its numbers do not say, is in",
              "[benchmarks.md](../../benchmarks.md).", "", *goals.lines(results), "", *summary(results)]
    for case in dict.fromkeys(row.case for row in results.rows):
        lines += ["", f"## {case}", "", "| " + " | ".join(HEADER) + " |", "|" + "---|" * len(HEADER)]
        lines += [line(row) for row in results.rows if row.case == case]
    if results.missing:
        lines += ["", "## Missing", "", "| case | who | data | reason |", "|---|---|---|---|"]
        lines += [f"| {gap.case} | {gap.subject} | {gap.data} | {cell(gap.reason)} |" for gap in results.missing]
    return "\n".join(lines) + "\n"


def line(row: Row) -> str:
    """A row as a line of a Markdown table."""
    who = f"**{row.subject}**" if row.subject == MARTLET else row.subject
    memory = "" if row.rss_anon is None else f"{row.rss_anon / 1e6:.1f}"
    at = "closed loop" if row.p50 is not None and row.latency_at is None and row.unit == "requests/s" else (
        number(row.latency_at))
    cells = (row.data, row.variant, row.connections or "", who, number(row.rate), row.unit if row.rate else "",
             number(row.p50), number(row.p99), number(row.p999), at, number(row.cpu_us), ratio(row.sender_cores), memory,
             row.sync, (f"{row.errors} errors; " if row.errors else "") + row.note)
    return "| " + " | ".join(cell(str(value)) for value in cells) + " |"


def summary(results: Results) -> Iterable[str]:
    """Every ratio, between the rates that it is of."""
    rows = [row for row in results.rows if row.subject == MARTLET and (row.limits or row.peers)]
    if not rows:
        return []
    lines = ["## Ratios", "", "| case | data | variant | conns | martlet | beside | its rate | ratio | by CPU | apart |",
             "|---|---|---|---|---|---|---|---|---|---|"]
    for row in rows:
        for name, found in (row.limits | row.peers).items():
            lines.append(
                f"| {row.case} | {row.data} | {row.variant} | {row.connections or ''} | {number(row.rate)} | {name} | "
                f"{number(found['rate'])} | {ratio(found['ratio'])} | {ratio(found.get('cpu'))} | "
                f"{ratio(found.get('spread'))} |")
    return lines + ["", *growth(results)]


def growth(results: Results) -> Iterable[str]:
    """How the cost of each operation grew from the smallest generated data set to the largest: 1.0 is not at all."""
    groups: dict[tuple[str, str, str, int | None], list[Row]] = {}
    for row in results.rows:
        if row.subject in (MARTLET, *LIMITS) and row.rate and row.data.startswith("generated-"):
            groups.setdefault((row.case, row.subject, row.variant, row.connections), []).append(row)
    lines = ["## Growth", "", "| case | who | variant | conns | from | to | time per operation | CPU per operation |",
             "|---|---|---|---|---|---|---|---|"]
    found = False
    for (case, subject, variant, connections), rows in groups.items():
        first, last = min(rows, key=lambda row: row.size), max(rows, key=lambda row: row.size)
        if first.size == last.size or case in NO_OPERATIONS or not first.rate or not last.rate:
            continue
        found = True
        cpu = last.cpu_us / first.cpu_us if first.cpu_us and last.cpu_us else None
        lines.append(f"| {case} | {subject} | {variant} | {connections or ''} | {first.size:,} | {last.size:,} | "
                     f"{first.rate / last.rate:.2f} | {ratio(cpu)} |")
    return lines if found else []


def number(value: float | None) -> str:
    """Three digits that count, or whole numbers."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def ratio(value: float | None) -> str:
    """A ratio: two decimals below 10, else none."""
    if value is None:
        return ""
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def cell(text: str) -> str:
    """Text that does not end a cell."""
    return text.replace("|", "\\|").replace("\n", " ")
