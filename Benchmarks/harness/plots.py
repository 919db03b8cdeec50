"""Draws the plots: cost against size, latency distribution, ratios to the limit and to peers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402

from .rows import MARTLET, NO_OPERATIONS, Results, Row  # noqa: E402

matplotlib.rcParams.update({
    "svg.hashsalt": "martlet", "font.size": 9, "axes.grid": True, "grid.alpha": 0.3, "axes.spines.top": False,
    "axes.spines.right": False, "legend.frameon": False, "figure.constrained_layout.use": True})
LINES = ("-", "--", ":", "-.")
Entry = TypeVar("Entry")


def draw(results: Results, directory: Path) -> list[Path]:
    """Draws what there are rows for."""
    directory.mkdir(parents=True, exist_ok=True)
    plots: dict[str, Callable[[Results], object]] = {
        "cost-against-size": cost, "latency": latency, "ratio-to-limit": to_limit, "ratio-to-peers": to_peers}
    written = []
    for name, plot in plots.items():
        figure = plot(results)
        if figure is None:
            continue
        path = directory / f"{name}.svg"
        figure.savefig(path, metadata={"Date": None})  # type: ignore[attr-defined]
        plt.close(figure)  # type: ignore[arg-type]
        written.append(path)
    return written


def label(row: Row) -> str:
    """A row in few words."""
    words = [row.case, row.variant, f"{row.connections} conns" if row.connections else ""]
    return ", ".join(word for word in words if word)


PANELS: dict[str, Callable[[Row], bool]] = {
    "feed, likes=0": lambda row: row.case == "feed" and "likes=0" in row.variant,
    "feed, all likes": lambda row: row.case == "feed" and "likes=0" not in row.variant,
    "durable commands": lambda row: row.case in ("post", "like", "follow", "post by the star"),
    "the rest": lambda row: row.case not in ("feed", "post", "like", "follow", "post by the star"),
}
"""So few lines each that they can be told apart."""


def cost(results: Results) -> object:
    """Time per operation against the number of events, generated data only."""
    series: dict[str, list[Row]] = {}
    for row in results.rows:
        if row.subject == MARTLET and row.rate and row.case not in NO_OPERATIONS and (
                row.data.startswith("generated-")):
            series.setdefault(label(row), []).append(row)
    rows = [sorted(rows, key=lambda row: row.size) for rows in series.values() if len({row.size for row in rows}) > 1]

    def line(axes: Any, rows: list[Row], style: str) -> None:
        axes.plot([row.size for row in rows], [1e6 / (row.rate or 1) for row in rows], marker="o", markersize=3,
                  linestyle=style, label=label(rows[0]))

    return _panels(rows, lambda rows: rows[0], line, "Cost against size", "events in the log", "microseconds per operation")


def latency(results: Results) -> object:
    """The share of requests that took longer than a time, for the largest generated data set with histograms."""
    rows = [row for row in results.rows if row.histogram and row.data.startswith("generated-") and (
        row.subject == MARTLET and row.connections == 64)]
    size = max((row.size for row in rows), default=0)

    def line(axes: Any, row: Row, style: str) -> None:
        left = total = sum(count for _, count in row.histogram)
        times, shares = [], []
        for bound, count in row.histogram:
            times.append(bound / 1000)
            shares.append(left / total)
            left -= count
        axes.plot(times, shares, linestyle=style, linewidth=1, label=label(row))

    return _panels([row for row in rows if row.size == size], lambda row: row, line,
                   f"Latency at a constant rate, {size:,} events, 64 connections", "milliseconds",
                   "share of requests that took longer")


def _panels(entries: Sequence[Entry], row: Callable[[Entry], Row], line: Callable[[Any, Entry, str], None], title: str,
            x: str, y: str) -> object:
    """A panel for each group of cases, one above the other."""
    groups = {name: [entry for entry in entries if belongs(row(entry))] for name, belongs in PANELS.items()}
    groups = {name: group for name, group in groups.items() if group}
    if not groups:
        return None
    figure, grid = plt.subplots(len(groups), 1, figsize=(10, 3.2 * len(groups)), sharex=True, squeeze=False)
    for axes, (name, group) in zip(grid[:, 0], groups.items()):
        for number, entry in enumerate(group):
            line(axes, entry, LINES[number // 10 % len(LINES)])
        axes.set(xscale="log", yscale="log", ylabel=y, title=name)
        axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), fontsize=7, handlelength=4)
    grid[-1, 0].set_xlabel(x)
    figure.suptitle(title)
    return figure


def to_limit(results: Results) -> object:
    """Bars of ratios to the C programs."""
    found = [(row, name, against["ratio"]) for row in results.rows for name, against in row.limits.items()]
    return _bars([row for row, _, _ in found], [value for _, _, value in found],
                 "Rate as a share of the limit (1 is the limit)", False, [name for _, name, _ in found])


def to_peers(results: Results) -> object:
    """Bars of ratios to peers."""
    found = [(row, name, against["ratio"]) for row in results.rows for name, against in row.peers.items()]
    return _bars([row for row, _, _ in found], [value for _, _, value in found], "Rate as a multiple of the peer's",
                 True, [name for _, name, _ in found])


def _bars(rows: list[Row], values: list[float], title: str, is_log: bool, others: Sequence[str]) -> object:
    if not rows:
        return None
    figure, axes = plt.subplots(figsize=(9, 1 + 0.22 * len(rows)))
    names = [f"{row.data}: {label(row)} / {other}" for row, other in zip(rows, others)]
    places = range(len(rows))
    axes.barh(places, values, color="#33617d")
    for place, value in zip(places, values):
        axes.text(value, place, f" {value:.2f}" if value < 10 else f" {value:.0f}", va="center", fontsize=7)
    axes.set_yticks(places, names, fontsize=7)
    axes.margins(y=0.01)
    axes.invert_yaxis()
    axes.set(title=title, xscale="log" if is_log else "linear")
    axes.axvline(1, color="black", linewidth=0.8)
    return figure
