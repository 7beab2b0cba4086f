"""Each démarche carried through in the page, by people made up at random: clicks, words, a file.

Each corrects one answer at the end and asks one question in the middle. What they see is the page;
what they answer follows from the cards that it received.
"""

from pathlib import Path
from random import Random
from typing import Any

import pytest
from chat import field, ready
from playwright.sync_api import Browser, Page, Response, expect

from bench.people import DEMARCHES, Person, other_answer, person, same
from bench.persona import MOST_TURNS, OPENINGS, Player
from dossiers.form import Form, form_of
from dossiers.progress import progress
from dossiers.register import Dossiers
from knowledge.query import KnowledgeBase
from repere.running import Running
from repere.settings import Settings

TODAY = Settings().calendar.today()
WANTED = {"duplicata": {"motif": "vol", "pour_qui": "autrui"}, "cession": {"compte": "classique"}}
ASIDE = "combien de temps est valable un CPI ?"
PATIENCE_MS = 60_000
HAS_IT = "Je l’ai, je l’enverrai sur le site"


@pytest.fixture(scope="module")
def document(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A document that the browser itself printed."""
    path = tmp_path_factory.mktemp("documents") / "document.pdf"
    page = browser.new_page()
    page.set_content("<h1>Un document</h1><p>Bien lisible, daté et signé.</p>")
    page.pdf(path=path)
    page.close()
    return path


class Visitor:
    """A person at the page, who errs once, asks one question, and sends one file."""

    def __init__(self, page: Page, who: Person, form: Form, random: Random, document: Path) -> None:
        self.page, self.who, self.document = page, who, document
        self.player = Player(who, random)
        self.wrong = random.choice([slot for slot, value in who.values.items() if value])
        self.error = other_answer(form, self.wrong, who, random, TODAY)
        self.astray = self.corrected = self.sent = False
        self.pieces: list[dict[str, Any]] = []

    def carry_through(self) -> None:
        self._type(OPENINGS[self.who.demarche])
        for _ in range(MOST_TURNS):
            if self.player.carried.complete:
                return
            self._step(self.player.carried.last["card"] or {})
        raise AssertionError(self.player.carried.last["text"])

    def _step(self, card: dict[str, Any]) -> None:
        slot = card.get("slot", "")
        if card["kind"] == "recap":
            self._recap(card)
        elif slot.startswith("piece:"):
            self._piece(slot)
        elif len(self.player.carried.slots) == 2 and not self.astray:
            self.astray = True
            self._type(ASIDE)
            assert self.player.carried.last["card"]["slot"] == slot
        elif slot == self.wrong and not self.corrected and not _confirms(card):
            self.player.carried.slots.append(slot)
            self._answer(card, f"answer:{slot}={self.error[0]}", self.error[1])
        else:
            body = self.player.body()
            assert body is not None, self.player.carried.last
            self._answer(card, body.get("choice", ""), body.get("text", ""))

    def _recap(self, card: dict[str, Any]) -> None:
        expect(self.page.locator(".recap-body").last).to_be_visible(timeout=PATIENCE_MS)
        self.pieces = card["pieces"]
        lines = {line["slot"]: line["label"] for line in card["fields"]}
        if not self.corrected and self.wrong in lines:
            self.corrected = True
            self._click(f"Modifier : {lines[self.wrong]}")
        else:
            self._click("Tout est exact")

    def _piece(self, slot: str) -> None:
        self.player.carried.pieces.append(slot.removeprefix("piece:"))
        if self.sent:
            self._click(HAS_IT)
            return
        self.sent = True
        with self.page.expect_file_chooser() as chooser:
            self.page.get_by_role("button", name="Choisir un fichier").click()
        self._after(lambda: chooser.value.set_files(self.document))

    def _answer(self, card: dict[str, Any], choice: str, text: str) -> None:
        labels = {offered["value"]: offered["label"] for offered in card["choices"]}
        if choice in labels:
            self._click(labels[choice])
        else:
            self._type(text)

    def _click(self, label: str) -> None:
        button = self.page.get_by_role("button", name=label, exact=True).last
        self._after(button.click)

    def _type(self, text: str) -> None:
        def write() -> None:
            field(self.page).fill(text)
            field(self.page).press("Enter")

        self._after(write)

    def _after(self, act: Any) -> None:
        before = self.page.locator(".msg.bot").count()
        with self.page.expect_response(_is_answer, timeout=PATIENCE_MS) as answer:
            act()
        self.player.hear(answer.value.json()["messages"])
        expect(self.page.locator(".msg.waiting")).to_have_count(0, timeout=PATIENCE_MS)
        expect(self.page.locator(".msg.bot")).not_to_have_count(before, timeout=PATIENCE_MS)


def _is_answer(response: Response) -> bool:
    """The page itself sends again what is not answered."""
    sent = response.request.method == "POST" and response.url.endswith(("/messages", "/files"))
    return sent and response.ok


def _confirms(card: dict[str, Any]) -> bool:
    return any(choice["value"] == "act:again" for choice in card["choices"])


@pytest.mark.parametrize("demarche", DEMARCHES)
def test_a_demarche_from_its_first_word_to_its_recapitulatif(
    demarche: str, page: Page, base: KnowledgeBase, kept: Dossiers, document: Path, running: Running
) -> None:
    form, random = form_of(base, demarche), Random(demarche)
    who = person(form, random, TODAY, **WANTED.get(demarche, {}))
    visitor = Visitor(page, who, form, random, document)
    ready(page, running.url)
    visitor.carry_through()
    assert visitor.astray
    assert visitor.corrected
    number = visitor.player.carried.number or ""
    expect(page.get_by_text(number, exact=True).last).to_be_visible()
    dossier = kept.numbered(number)
    assert dossier.values.keys() == who.values.keys()
    for slot, value in who.values.items():
        assert same(dossier.values[slot], value), slot
    due = progress(form, who.values, TODAY).pieces
    assert {piece["id"] for piece in visitor.pieces} == {piece.id for piece in due}
    assert len(dossier.attachments) == (1 if who.pieces else 0)
    with page.expect_download() as download:
        page.get_by_role("button", name="Récapitulatif").last.click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
