"""Days: the organisation's, at the ends of months and years, whatever zone the server lives in."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_demarche import KEY, QUICK, STRAIGHT, Clock
from sqlalchemy import Engine

from dossiers.answers import Answer
from dossiers.calendar import Calendar, now
from dossiers.form import Form
from dossiers.recap import recap_of
from dossiers.register import Dossiers
from dossiers.states import State
from dossiers.teleservice import EmbeddedRegister
from repere import dossier_display

MARTINIQUE, PARIS, NOUMEA = "America/Martinique", "Europe/Paris", "Pacific/Noumea"
NEW_YEARS_EVE = datetime(2026, 12, 31, 23, 30)

In = Callable[[str], Dossiers]


def calendar(zone: str, at: datetime) -> Calendar:
    return Calendar(ZoneInfo(zone), lambda: at)


@pytest.fixture
def kept_in(database: Engine, tmp_path: Path) -> In:
    """The dossiers of an organisation somewhere, half an hour before the year ends in UTC."""

    def of(zone: str) -> Dossiers:
        there = Calendar(ZoneInfo(zone), Clock(NEW_YEARS_EVE))
        return Dossiers(database, KEY, tmp_path / "pieces", calendar=there, hasher=QUICK)

    return of


@pytest.fixture(params=[MARTINIQUE, "UTC", "Pacific/Kiritimati"])
def _server_elsewhere(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        ("2026-12-31T22:59:59", PARIS, "2026-12-31"), ("2026-12-31T23:00:00", PARIS, "2027-01-01"),
        ("2026-12-31T23:30:00", PARIS, "2027-01-01"),
        ("2026-12-31T23:30:00", MARTINIQUE, "2026-12-31"),
        ("2027-01-01T03:59:59", MARTINIQUE, "2026-12-31"),
        ("2027-01-01T04:00:00", MARTINIQUE, "2027-01-01"),
        ("2026-12-31T12:59:59", NOUMEA, "2026-12-31"),
        ("2026-12-31T13:00:00", NOUMEA, "2027-01-01"),
        ("2028-02-28T22:30:00", PARIS, "2028-02-28"), ("2028-02-28T23:30:00", PARIS, "2028-02-29"),
        ("2028-02-29T23:30:00", PARIS, "2028-03-01"), ("2027-02-28T23:30:00", PARIS, "2027-03-01"),
        ("2028-02-29T23:30:00", MARTINIQUE, "2028-02-29"),
        ("2028-02-28T13:30:00", NOUMEA, "2028-02-29"),
        # In summer, Paris is two hours ahead.
        ("2026-06-30T21:59:59", PARIS, "2026-06-30"), ("2026-06-30T22:00:00", PARIS, "2026-07-01"),
    ],
)  # fmt: skip
def test_the_day_depends_on_the_zone(moment: str, zone: str, day: str) -> None:
    there = calendar(zone, datetime.fromisoformat(moment))
    assert there.today().isoformat() == day


@pytest.mark.usefixtures("_server_elsewhere")
def test_the_server_may_live_elsewhere() -> None:
    assert abs((now() - datetime.now(UTC).replace(tzinfo=None)).total_seconds()) < 5
    assert calendar(PARIS, NEW_YEARS_EVE).today() == date(2027, 1, 1)
    assert dossier_display.when(Calendar(), NEW_YEARS_EVE) == "01/01/2027 00:30"


@given(
    day=st.dates(date(1970, 1, 2), date(2100, 1, 1)),
    zone=st.sampled_from([MARTINIQUE, PARIS, NOUMEA, "Indian/Reunion", "America/Miquelon"]),
)
def test_a_day_begins_at_its_beginning(day: date, zone: str) -> None:
    start = Calendar(ZoneInfo(zone)).start_of(day)
    assert calendar(zone, start).today() == day
    assert calendar(zone, start - timedelta(microseconds=1)).today() == day - timedelta(days=1)


@pytest.mark.parametrize(
    ("zone", "minor", "made_on"),
    [
        (PARIS, False, "1er janvier 2027"),
        (NOUMEA, False, "1er janvier 2027"),
        (MARTINIQUE, True, "31 décembre 2026"),
    ],
)
def test_ages_and_the_recap_follow_the_zone(
    kept_in: In, form: Form, zone: str, minor: bool, made_on: str
) -> None:
    """Who was born on 1 January 2009 comes of age during that half-hour, but in Martinique."""
    dossiers = kept_in(zone)
    begun, _ = dossiers.begin(form)
    answers = [Answer(slot, value) for slot, value in STRAIGHT.items() if slot != "naissance"]
    dossiers.save(begun.id, answers)
    saved = dossiers.save(begun.id, [Answer("naissance", "2009-01-01")])
    assert [champ.id for champ in saved.asked] == (["tuteur"] if minor else [])
    facts = saved.dossier.facts(dossiers.today())
    assert facts.missing_fields == (("Libellé tuteur",) if minor else ())
    assert recap_of(saved.dossier, dossiers.today()).made_on == made_on


def test_guards_follow_the_zone_and_stamps_are_in_utc(kept_in: In, form: Form) -> None:
    dossiers = kept_in(PARIS)
    begun, _ = dossiers.begin(form)
    answers = STRAIGHT | {"naissance": "2009-01-01"}
    dossiers.save(begun.id, [Answer(slot, value) for slot, value in answers.items()])
    dossiers.pieces.keep_at_hand(begun.id, "vol")
    dossiers.accept_clu(begun.id)
    # Still a minor in UTC: a guardian would lack, and the move be refused.
    ready = dossiers.move(begun.id, State.PRETE_A_DEPOSER, "citizen")
    assert ready.state is State.PRETE_A_DEPOSER
    assert ready.created_at == ready.updated_at == NEW_YEARS_EVE
    assert all(event.at == NEW_YEARS_EVE for event in dossiers.events(begun.id))
    assert EmbeddedRegister(dossiers).status(begun.id).at == NEW_YEARS_EVE


def test_someone_born_on_29_february_has_an_age_every_day(kept_in: In, form: Form) -> None:
    dossiers = kept_in(PARIS)
    begun, _ = dossiers.begin(form)
    saved = dossiers.save(begun.id, [Answer("naissance", "2008-02-29")]).dossier
    told = {
        day: saved.progress(date.fromisoformat(day)).situation["mineur"]
        for day in ("2026-02-28", "2026-03-01", "2028-02-29")
    }
    assert told == {"2026-02-28": "oui", "2026-03-01": "non", "2028-02-29": "non"}
