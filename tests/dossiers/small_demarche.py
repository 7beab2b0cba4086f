"""A small démarche of our own, with every kind of dependency, and a clock moved by hand."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from argon2 import PasswordHasher

from knowledge.schema import Sheet

SOURCE = ["essai/ici"]
# Real settings would take most of the tests' time.
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
KEY = "une-clef-pour-les-essais"


def champ(slot: str, kind: str, **more: Any) -> dict[str, Any]:
    return {
        "id": slot,
        "kind": kind,
        "label": f"Libellé {slot}",
        "question": f"{slot} ?",
        "why": "Pour l'essai.",
        "sources": SOURCE,
        **more,
    }


def choix(slot: str, *values: str, **more: Any) -> dict[str, Any]:
    choices = [{"value": value, "label": value.capitalize()} for value in values]
    return champ(slot, "choice", choices=choices, **more)


def small_sheet() -> Sheet:
    return Sheet.model_validate(
        {
            "id": "essai",
            "kind": "demarche",
            "title": "Essayer l’œuvre à 10 €",
            "label": "l’essai",
            "names": ["essai"],
            "pieces": [
                {"id": "vol", "label": "Déclaration", "when": {"motif": "vol"}, "sources": SOURCE},
                {"id": "courriel", "label": "Adresse électronique", "sources": SOURCE},
                {
                    "id": "mandat",
                    "label": "Mandat",
                    "when": {"pour_qui": "autrui"},
                    "sources": SOURCE,
                },
            ],
            "flow": {
                "minutes": 3,
                "fields": [
                    choix("motif", "perte", "vol", "autre", screen="Motif"),
                    choix("pour_qui", "moi", "autrui"),
                    champ("mandant", "name", when={"pour_qui": "autrui"}),
                    champ("plaque_lue", "plate", screen="Véhicule"),
                    choix("avec_code", "oui", "non"),
                    champ("code", "code_cession", when={"avec_code": "oui"}),
                    champ("formule", "formule", when={"avec_code": "non", "plaque": "siv"}),
                    champ("remarque", "text", optional=True),
                    champ("naissance", "birth_date"),
                    champ("tuteur", "name", when={"mineur": "oui"}),
                    champ("courriel", "email"),
                    choix("version", "une", preset="une"),
                ],
                "obstacles": [
                    {"when": {"motif": "autre"}, "text": "Ce n'est pas prévu.", "sources": SOURCE}
                ],
                "warnings": [
                    {"kind": "advice", "text": "Gardez la déclaration.", "when": {"motif": "vol"}},
                    {
                        "kind": "today",
                        "text": "Le site a changé.",
                        "page": {"site": "exemple.fr", "date": "2025-01-13"},
                    },
                ],
                "pays": {"motif": ["perte", "vol"]},
                "control": {"motif": "vol"},
                "clicks": [
                    {"title": "Cliquez sur [Essai]", "text": "Puis validez.", "sources": SOURCE},
                    {"title": "Envoyez", "when": {"motif": "vol"}, "sources": SOURCE},
                ],
                "outputs": [{"label": "Certificat", "note": "À garder.", "sources": SOURCE}],
            },
        }
    )


STRAIGHT = {
    "motif": "vol",
    "pour_qui": "moi",
    "plaque_lue": "AB-123-CD",
    "avec_code": "oui",
    "code": "ABC12",
    "remarque": "",
    "naissance": "1980-05-04",
    "courriel": "lea.d-oeuf@exemple.fr",
}


@dataclass
class Clock:
    at: datetime = field(default_factory=lambda: datetime(2026, 11, 21, 9, 0))

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **delay: float) -> None:
        self.at += timedelta(**delay)
