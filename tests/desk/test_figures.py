"""Figures: right, without personal data, and safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bench import desk_data
from bench.desk_data import Invented
from bot.messages import Message
from channels.desk.charts import stacked
from channels.desk.figure_pages import lines, period_of
from channels.desk.figures import Figures, figures
from channels.desk.spreadsheet import as_csv
from dossiers.answers import Answer
from dossiers.calendar import Calendar, now
from dossiers.form import form_of
from knowledge.search import LiveIndex
from repere.running import Running
from repere.settings import Settings

SignIn = Callable[[str], Page]


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Invented]:
    """A Repère of its own, where everything counted is known."""
    made = desk_data.opened(Settings(var=tmp_path))
    yield made
    made.database.dispose()


def counted(small: Invented) -> Figures:
    weigh = LiveIndex(small.base, small.database).current().weight
    return figures(small.database, small.dossiers, weigh, period_of(Calendar(), None, None))


def test_everything_is_counted(small: Invented) -> None:
    desk_data.unanswered(small.database)
    answer = Message("Payez.", {"kind": "answer", "topic": "paiement/duplicata"})
    desk_data.rated(small.database, "comment payer ?", answer, "je suis Madame Durand")
    for minutes in (2.0, 4.0, None):
        desk_data.handed_over(small.database, "je veux quelqu'un", minutes)
    desk_data.theft(small)
    begun, _ = small.dossiers.begin(form_of(small.base, "duplicata"))
    small.dossiers.save(begun.id, [Answer("motif", "vol")])
    found = counted(small)
    assert sum(found.conversations["web"]) == 10
    assert sum(found.outcomes["refus de répondre"]) == 6
    assert sum(found.outcomes["passages à une personne"]) == 3
    assert (found.useful, found.useless) == (0, 1)
    assert (found.median_wait, found.handovers, found.unanswered_handovers) == (3.0, 3, 1)
    (demarche,) = found.demarches
    assert (demarche.begun, demarche.complete, demarche.stops) == (2, 1, ())
    assert [group.words for group in found.unanswered] == ["carte grise drone"]


def test_an_unfinished_dossier_tells_where_it_stopped(small: Invented) -> None:
    ledger = small.dossiers.ledger
    begun, _ = small.dossiers.begin(form_of(small.base, "duplicata"))
    small.dossiers.save(begun.id, [Answer("motif", "vol")])
    later = Calendar(clock=lambda: now() + timedelta(days=2))
    object.__setattr__(ledger, "calendar", later)
    found = counted(small)
    assert found.demarches[0].stops == (("Pour qui", 1),)


def test_the_export_holds_no_personal_data(small: Invented) -> None:
    secret = "Zénobie Quarantaine"
    said = [(f"{secret} veut une carte grise pour son drone", "not_understood")]
    desk_data.unanswered(small.database, said * 2)
    desk_data.unanswered(small.database, [("carte grise pour drone", "not_understood")])
    dossier = desk_data.theft(small)
    text = as_csv(lines(counted(small)))
    for word in ("Zénobie", "zénobie", "Quarantaine", dossier.number, "FB-064-TN"):
        assert word not in text
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[0] == ["mesure", "détail", "jour", "valeur"]
    assert {len(row) for row in rows} == {4}
    assert ["questions sans réponse", "carte grise drone", "", "3"] in rows
    assert not any(cell[:1] in "=+@" for row in rows for cell in row if cell)


def test_a_chart_says_what_it_counts() -> None:
    days = [date(2026, 11, day) for day in range(1, 31)]
    chart = stacked("Essai", days, {"web": [0] * 29 + [7], "téléphone": [0] * 29 + [2]})
    assert [bar.title for bar in chart.bars] == ["30/11 : 7 web", "30/11 : 2 téléphone"]
    assert chart.bars[1].y + chart.bars[1].height == pytest.approx(chart.bars[0].y, abs=0.1)
    assert min(bar.y for bar in chart.bars) >= 0
    assert chart.rows[-1] == ("30/11/2026", "7", "2")
    assert len(chart.across) <= 8
    assert stacked("Rien", days, {}).empty


def test_a_period_is_at_most_a_year_and_never_backwards() -> None:
    assert len(period_of(Calendar(), None, None).days) == 30
    assert len(period_of(Calendar(), date(2020, 1, 1), date(2026, 1, 1)).days) == 366
    assert period_of(Calendar(), date(2026, 2, 2), date(2026, 1, 1)).days == [date(2026, 1, 1)]


def test_the_page_and_its_export(running: Running, invented: Invented, sign_in: SignIn) -> None:
    desk_data.unanswered(invented.database)
    page = sign_in("sonia")
    page.goto(f"{running.url}/desk/figures")
    expect(page.get_by_role("img", name="Conversations par jour")).to_be_visible()
    page.get_by_text("Les nombres").first.click()
    expect(page.get_by_role("columnheader", name="web").first).to_be_visible()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Exporter (CSV)").click()
    text = Path(taken.value.path()).read_text(encoding="utf-8-sig")
    assert text.startswith("mesure;détail;jour;valeur")
    assert sign_in("agnes").request.get(f"{running.url}/desk/figures").status == 403
