"""Days and moments as they are in France; the tables hold moments in UTC, without their zone."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def today() -> date:
    return datetime.now(PARIS).date()


def local(moment: datetime) -> datetime:
    """A moment kept in UTC, as it reads in France."""
    return moment.replace(tzinfo=UTC).astimezone(PARIS)


def start_of(day: date) -> datetime:
    """The beginning of a day, as the tables hold it."""
    return datetime.combine(day, time(), PARIS).astimezone(UTC).replace(tzinfo=None)
