"""Days, months and what surrounds them in a spoken or written French date."""

from datetime import date

MONTHS: dict[str, int] = {
    word: number
    for number, written in enumerate(
        (
            "janvier janv jan janvie janvrier",
            "fevrier fevr fev fevier febrier fervier",
            "mars",
            "avril avr",
            "mai",
            "juin",
            "juillet juil juilet jullet",
            "aout aou",
            "septembre sept septembres setembre septenbre septembr",
            "octobre oct octobr octobe",
            "novembre nov novenbre novembr",
            "decembre dec decenbre decembr",
        ),
        start=1,
    )
    for word in written.split()
}
_MONTH_NAMES = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
)
MONTH_NAMES = tuple(_MONTH_NAMES.split())
DAY_NAMES = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
WEEKDAYS = {word: number for number, word in enumerate(DAY_NAMES)}
UNITS = {
    "jour": "days",
    "jours": "days",
    "semaine": "weeks",
    "semaines": "weeks",
    "mois": "months",
    "an": "years",
    "ans": "years",
    "annee": "years",
    "annees": "years",
}
# Words inside a date that carry nothing.
LINKS = frozenset(
    ["le", "du", "de", "mois", "annee", "l'annee", "l'an", "an", "en", "/", ".", "-", ",", "er"]
)
VAGUE = frozenset(["debut", "mi", "milieu", "fin", "courant", "vers", "environ", "autour"])
EXAMPLE = "par exemple 12 mars 2019"


def written(day: date) -> str:
    """« 12 mars 2019 »."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {MONTH_NAMES[day.month - 1]} {day.year}"
