"""The program of the commit before, to be compared with."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from .processes import Failure, run
from .workplace import Workplace


def commits(repository: Path) -> tuple[str, str]:
    """The newest commit of the main line that changed the program, and the one before it."""
    changed = _git(repository, "log", "-1", "--first-parent", "--diff-merges=first-parent", "--format=%H", "--",
                   "Sources", "Package.swift")
    if not changed:
        raise Failure("the history does not tell which commit changed the program last")
    return changed, _git(repository, "rev-parse", f"{changed}^1")


def program(place: Workplace) -> tuple[Path, str]:
    """The parent's release program, and its commit. It is built in a worktree of the bench directory and kept."""
    if place.parent_program is not None:
        return place.parent_program, "given"
    _, commit = commits(place.repository)
    kept = place.root / "parents" / commit
    if not kept.exists():
        tree = place.root / "parent"
        if not tree.exists():
            _git(place.repository, "worktree", "prune")
            _git(place.repository, "worktree", "add", "--detach", "--force", str(tree), commit)
        _git(tree, "checkout", "--quiet", "--detach", "--force", commit)
        done = subprocess.run(
            [tree / ".ci/swift", "build", "-c", "release", "--static-swift-stdlib", "--product", "martlet"], cwd=tree,
            stdout=sys.stderr)
        if done.returncode != 0:
            raise Failure(f"the parent {commit[:12]} cannot be built")
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(tree / ".build/release/martlet", kept)
    return kept, commit[:12]


def _git(directory: Path, *arguments: str) -> str:
    return run(["git", "-C", directory, *arguments]).strip()
