"""Which accounts and posts of a data set a load asks for."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping

CLASSES = (10, 100, 1000)
"""How many accounts the readers of each class follow."""
TOLERANCE = 0.2
"""A reader is left out who follows more than this share more or less than the class says."""


@dataclasses.dataclass(frozen=True)
class Account:
    """An account of a data set."""

    id: int
    handle: str
    followers: int
    following: int

    @property
    def key(self) -> str:
        """The access key; `import --demo-keys` made it of the handle."""
        return f"key-{self.handle}"


@dataclasses.dataclass
class Survey:
    """What `survey` (in C) found in the read models."""

    accounts_count: int
    posts_count: int
    readers: dict[int, list[Account]]
    top: Account
    accounts: list[Account]
    posts: list[int]

    @classmethod
    def parse(cls, text: str) -> "Survey":
        """Reads what the program printed; classes that nobody belongs to are left out."""
        values = json.loads(text)
        readers = {}
        for wanted in CLASSES:
            near = [a for a in map(_account, values["readers"][str(wanted)])
                    if abs(a.following - wanted) <= TOLERANCE * wanted]
            if near:
                readers[wanted] = near
        return cls(values["accounts_count"], values["posts_count"], readers, _account(values["top"]),
                   [_account(value) for value in values["accounts"]], values["posts"])


def _account(values: Mapping[str, object]) -> Account:
    return Account(**values)  # type: ignore[arg-type]
