"""The desk's hours and days: the organisation's."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from channels.desk.figure_pages import period_of
from channels.desk.rendering import when
from dossiers.calendar import Calendar

MARTINIQUE, PARIS, NOUMEA = "America/Martinique", "Europe/Paris", "Pacific/Noumea"
NEW_YEARS_EVE = datetime(2026, 12, 31, 23, 30)


def calendar(zone: str, at: datetime) -> Calendar:
    return Calendar(ZoneInfo(zone), lambda: at)


def test_agents_read_the_hour_of_their_zone() -> None:
    assert when(calendar(PARIS, NEW_YEARS_EVE), NEW_YEARS_EVE) == "00:30"
    assert when(calendar(PARIS, NEW_YEARS_EVE), datetime(2026, 12, 31, 22)) == "31/12/2026 23:00"
    assert when(calendar(NOUMEA, NEW_YEARS_EVE), datetime(2026, 12, 31, 13)) == "00:00"
    assert when(calendar(MARTINIQUE, NEW_YEARS_EVE), NEW_YEARS_EVE, whole=True) == (
        "31/12/2026 19:30"
    )


def test_figures_are_counted_by_the_days_of_the_zone() -> None:
    period = period_of(calendar(MARTINIQUE, NEW_YEARS_EVE), None, None)
    assert period.last == date(2026, 12, 31)
    assert period.end == datetime(2027, 1, 1, 4)
    assert period_of(calendar(PARIS, NEW_YEARS_EVE), None, None).last == date(2027, 1, 1)
