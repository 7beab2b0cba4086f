"""Birth dates: dates of the past, of somebody who may drive."""

from french.calendar_words import MONTH_NAMES
from french.kinds import date
from french.kinds.amending_dates import amended
from french.kinds.base import Kind, Spot
from french.reading import Context, Reading, refused, unsure

LONGEST_LIFE_YEARS = 110
YOUNGEST_DRIVER_YEARS = 12


def _read(text: str, at: Context) -> Reading:
    reading = date.not_to_come(date.read(_births_only(text, at), at.today), at.today)
    if reading.value is None or at.today is None:
        return reading
    year = int(reading.value[:4])
    if year < at.today.year - LONGEST_LIFE_YEARS:
        return refused(
            f"Le {date.show(reading.value)} est trop ancien pour une date de naissance. "
            "Pouvez-vous vérifier l’année ?"
        )
    if year > at.today.year - YOUNGEST_DRIVER_YEARS and not reading.alternatives:
        return unsure(
            reading.value,
            f"Vous avez indiqué le {date.show(reading.value)} : c’est très récent pour un permis. "
            "Est-ce bien cette date ?",
        )
    return reading


def _births_only(text: str, at: Context) -> str:
    """The birth date that a message tells among others (« née le …, permis le … »)."""
    spots = date.find(text, at.today)
    births = [spot for spot in spots if date.born(text, spot)]
    if len(spots) > 1 and len(births) == 1:
        return text[births[0][1] : births[0][2]]
    return text


def _find(text: str, at: Context) -> list[Spot]:
    spots = date.find(text, at.today)
    return [spot for spot in spots if date.born(text, spot)] or spots


KIND = Kind(
    name="birth_date",
    reads=_read,
    finds=_find,
    shows=date.show,
    says=date.say,
    amends=amended,
    format="date",
    read_back=True,
    keypad=date.KEYPAD,
    called=("naissance", "anniversaire", "date", "âge"),
    hints=(*MONTH_NAMES, "né le", "née le", "premier", "dix-neuf cent", "deux mille"),
    example="12 mars 1985",
    asked_again="Quelle est la bonne date de naissance ?",
)
