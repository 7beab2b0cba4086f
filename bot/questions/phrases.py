"""What people say, in a YAML file beside the module that recognises it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml


class Phrases:
    """The entries of a module's file (``acts.yml`` beside ``acts.py``): regular expressions.

    ``{name}`` in one of them stands for the entry of that name under ``parts``.
    """

    def __init__(self, module: str) -> None:
        self._path = Path(module).with_suffix(".yml")
        self.entries: Mapping[str, Any] = yaml.safe_load(self._path.read_text(encoding="utf-8"))

    def listed(self, name: str) -> list[str]:
        """The expressions of a list; ValueError where YAML read one as something else."""
        for entry in self.entries[name]:
            if not isinstance(entry, str):
                raise ValueError(f"{self._path}: {name}: {entry!r} must stand between quotes")
        return [self._whole(entry) for entry in self.entries[name]]

    def any(self, name: str) -> str:
        """One expression that any of a list matches."""
        return f"(?:{'|'.join(self.listed(name))})"

    def words(self, name: str) -> frozenset[str]:
        """Words written one after the other."""
        return frozenset(str(self.entries[name]).split())

    def _whole(self, pattern: str) -> str:
        for part, meaning in self.entries.get("parts", {}).items():
            pattern = pattern.replace(f"{{{part}}}", meaning)
        return pattern
