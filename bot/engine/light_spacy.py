"""spaCy's French model without what nothing here reads.

Rasa's SpacyNLP runs the whole model on every example and message; only the lemmas are used.
"""

from typing import Any

import spacy

UNREAD = ["ner", "parser"]
_load = spacy.load


def use() -> None:
    """Make every later ``spacy.load`` leave out the entity recogniser and the parser."""

    def load(name: str, **options: Any) -> Any:
        options["exclude"] = [*options.get("exclude", []), *UNREAD]
        return _load(name, **options)

    spacy.load = load
