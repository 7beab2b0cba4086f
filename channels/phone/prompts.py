"""How to ask again: by kind of field, an example, the keypad, or a spelling alphabet."""

from collections.abc import Sequence
from datetime import date

import french
from channels.phone import sentences
from channels.phone.memory import Memory
from channels.phone.turn import Listen
from dossiers.views import DossierView
from french.verbal import verbal

CLU_SLOT = "clu"

# What the keypad can give: how many keys, and what to say of them.
KEYPAD: dict[str, tuple[int, str]] = {
    "date": (8, "Tapez le jour, le mois et l'année : huit chiffres."),
    "birth_date": (8, "Tapez le jour, le mois et l'année : huit chiffres."),
    "phone": (10, "Tapez les dix chiffres du numéro."),
    "code_cession": (5, "Si le code n'a que des chiffres, tapez-les, sinon épelez-le."),
    "postcode": (5, "Tapez les cinq chiffres."),
}
SPELLED = frozenset({"plate", "formule", "name", "email", "address", "file_code", "text"})
SPELL = "Épelez lettre par lettre : par exemple, A comme Anatole, B comme Berthe."
# Fields that the guide reads back itself: a poor transcript need not be confirmed twice.
READ_BACK = frozenset(k for k in french.KINDS if french.kind(k).read_back) | {"name", "address"}
DICTATED = SPELLED | frozenset({"phone", "code_cession"})

NO_INPUT_MS = 8_000
DICTATION_MS = 12_000
PATIENT_MS = 30_000
HINTS = ("un conseiller", "répétez", "plus lentement", "attendez", "suite", "oui", "non")


def note_question(memory: Memory, card: dict[str, object], dossiers: Sequence[DossierView]) -> None:
    """Remember what the last message asks."""
    slot = card.get("slot")
    memory.slot = str(slot) if card.get("kind") == "question" and slot else ""
    memory.legal = memory.slot == CLU_SLOT
    memory.kind, memory.question, memory.example = "", "", ""
    for dossier in dossiers:
        champ = dossier.form.field(memory.slot)
        if champ is not None:
            memory.kind, memory.question = champ.kind, champ.question
            memory.example = champ.example
            return


def listening(memory: Memory) -> Listen:
    """How to listen after what was just said."""
    digits = KEYPAD.get(memory.kind, (1, ""))[0]
    dictated = memory.kind in DICTATED or bool(memory.recall)
    wait = PATIENT_MS if memory.waiting else DICTATION_MS if dictated else NO_INPUT_MS
    return Listen(
        max_digits=digits,
        hints=(*(label for _, label, _ in memory.choices), *HINTS),
        no_input_ms=wait,
        barge_in=not memory.legal,
        continuous=dictated,
    )


def shorter(memory: Memory) -> list[str]:
    """The first step: the question alone, with an example."""
    if memory.slot and memory.choices:
        return [_last_question(memory)] if len(memory.choices) > 1 else memory.said[-1:]
    if memory.question and memory.kind != "choice":
        example = f"Par exemple : {verbal(memory.example)}." if memory.example else ""
        return [verbal(memory.question), *([example] if example else [])]
    question = _last_question(memory)
    if question:
        return [question]
    if memory.rest:
        return [sentences.MORE_OR_ANOTHER]
    if memory.seq > 1:
        return [sentences.ANOTHER]
    return [sentences.ASK, sentences.EXAMPLE_QUESTION]


def otherwise(memory: Memory) -> list[str]:
    """The second step: another way to answer, with the keys or a spelling alphabet."""
    if memory.recall:
        return [sentences.RECALL_ALPHABET]
    if memory.choices:
        return sentences.menu(memory.choices[:4])
    if memory.kind in KEYPAD:
        return [KEYPAD[memory.kind][1]]
    if memory.kind in SPELLED:
        return [SPELL]
    return [sentences.EXAMPLE_QUESTION, sentences.KEYS]


def typed(kind: str, digits: str) -> str:
    """What was keyed, as the field reads it: « 12032019 » is a date."""
    if kind in ("date", "birth_date") and len(digits) == len("jjmmaaaa"):
        try:
            day = date(int(digits[4:]), int(digits[2:4]), int(digits[:2]))
        except ValueError:
            return digits
        return f"{day:%d/%m/%Y}"
    return digits


def _last_question(memory: Memory) -> str:
    asked = [line for line in memory.said if line.endswith("?")]
    return asked[-1] if asked else ""
