"""The organisation's days: when one begins depends on its time zone, not on the server's.

Moments are kept in UTC, without their zone. Whoever needs to know what day it is asks here, or is
given ``Calendar.today`` (``Dossiers.today``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def now() -> datetime:
    """The present, in UTC, without its zone: what the tables hold."""
    return datetime.now(UTC).replace(tzinfo=None)


@dataclass(frozen=True)
class Calendar:
    """Days in a time zone. ``clock`` gives the present as ``now`` does; tests give their own."""

    zone: ZoneInfo = PARIS
    clock: Callable[[], datetime] = now

    def today(self) -> date:
        return self.local(self.clock()).date()

    def local(self, moment: datetime) -> datetime:
        """A moment of the tables, as the organisation's clocks show it."""
        return moment.replace(tzinfo=UTC).astimezone(self.zone)

    def start_of(self, day: date) -> datetime:
        """The beginning of a day, as the tables hold it."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC).replace(tzinfo=None)
