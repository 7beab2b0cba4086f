"""Answers taken into a dossier: read, doubted once, kept with the others of the same message."""

from dataclasses import replace

import french
from bot.actions.flow import asides, replies
from bot.actions.flow.acts import Act, act_of, is_yes
from bot.actions.flow.answers import FREE_KINDS, SUBJECT_SURE, Given, Unread, doubtful, shown
from bot.actions.flow.by_voice import early, findable, read_heard, said_again
from bot.actions.flow.finding import Spot, choice_named, find_others, spots, volunteered, without
from bot.actions.flow.flux import Flux
from bot.actions.flow.keeper import Keeper, Outcome
from bot.actions.flow.stages import Next, Stage, next_of
from bot.actions.flow.wording import names_nobody
from bot.actions.heard import Heard
from dossiers.answers import Saved
from dossiers.views import DossierView
from knowledge.schema import Champ


class Answering(Keeper):
    """What a message that answers does to a dossier."""

    def _read(self, dossier: DossierView, now: Next, heard: Heard) -> Given | Unread | None:
        """The answer to what is asked; None when no field is."""
        if now.champ is None:
            return None
        if now.champ.kind in ("choice", "file_code"):  # a telephone number is neither
            heard = _saying(heard, without(self._spots(dossier, now.champ, heard), heard.text))
            if asides.opens_as_question(heard.text):
                return Unread(replies.help_on(now))
        given = read_heard(now.champ, heard, self._today())
        if isinstance(given, Unread):
            return given
        doubted = _before_its_plate(now.champ, given, dossier)
        return doubted or _wary(now.champ, given, heard)

    def _answer(self, dossier: DossierView, flux: Flux, now: Next, heard: Heard) -> Outcome:
        given = self._read(dossier, now, heard)
        if now.stage is Stage.RECAP and self._knows(dossier, heard):
            return Outcome([self._ask(dossier, flux, replies.ALREADY_NOTED)], flux)
        if given is None or now.champ is None:
            said = self._ask(dossier, flux, replies.NOT_UNDERSTOOD)
            return Outcome([replace(said, card={**(said.card or {}), "misread": 1})], flux)
        if isinstance(given, Given):
            return self._taken(dossier, flux, given, heard)
        if now.obstacle is not None:
            lead = "" if asides.asks_somewhere(heard.text) else replies.NOT_UNDERSTOOD
            return Outcome([self._ask(dossier, flux, lead)], flux)
        if asides.asks_somewhere(heard.text):
            return Outcome([self._ask(dossier, flux, replies.help_on(now))], flux)
        return self._misread(dossier, flux, now.champ, given)

    def _knows(self, dossier: DossierView, heard: Heard) -> bool:
        """Whether a message only gives answers that were given already."""
        fields = findable(self._answered(dossier), heard)
        given = volunteered(fields, "", heard.text, heard.details, self._today())
        return bool(given) and all(g.value == dossier.values.get(g.slot) for g in given)

    def _other_answers(
        self, dossier: DossierView, flux: Flux, now: Next, heard: Heard
    ) -> Outcome | None:
        """What a message gives that was not asked, where it does not answer what was."""
        if now.champ is None:
            return None
        given = self._read(dossier, now, heard)
        if isinstance(given, Given) and not given.doubt and now.champ.kind != "text":
            return None
        if isinstance(given, Unread):
            followed = self._with_others(dossier, flux, now.champ, heard)
            if followed is not None:
                return followed
        return self._given_ahead(dossier, flux, now.champ, heard)

    def _with_others(
        self, dossier: DossierView, flux: Flux, champ: Champ, heard: Heard
    ) -> Outcome | None:
        """An answer in one's own words that other answers follow (« Jean Petit, 3 rue … »)."""
        found = self._spots(dossier, champ, heard)
        if champ.kind not in FREE_KINDS or not found:
            return None
        given = read_heard(champ, _saying(heard, without(found, heard.text)), self._today())
        if isinstance(given, Unread) or given.doubt:
            return None
        return self._keep(dossier, flux, [given, *(spot.given for spot in found)])

    def _given_ahead(
        self, dossier: DossierView, flux: Flux, champ: Champ, heard: Heard
    ) -> Outcome | None:
        """Answers to other questions than the one asked, which is then asked again.

        In one's own words, only a message that is another question's choice, word for word.
        """
        if champ.kind == "name" and names_nobody(heard.text):
            return None
        open_fields = self._findable(dossier, heard)
        today = self._today()
        if champ.kind == "text":
            given = choice_named(open_fields, champ.id, heard.text)
        else:
            fields = [*open_fields, *findable(self._answered(dossier), heard)]
            given = volunteered(fields, champ.id, heard.text, heard.details, today)
        new = [g for g in given if g.value != dossier.values.get(g.slot)]
        if given and not new:
            return Outcome([self._ask(dossier, flux, replies.ALREADY_NOTED)], flux)
        return self._keep(dossier, flux, new) if new else None

    def _spots(self, dossier: DossierView, asked: Champ, heard: Heard) -> list[Spot]:
        """The values of other fields that a message gives, told by their form."""
        fields = [*self._findable(dossier, heard), *findable(self._answered(dossier), heard)]
        others = [f for f in fields if f.id != asked.id and f.kind != asked.kind]
        return spots(others, heard.text, self._today())

    def _confirm_doubt(
        self, dossier: DossierView, flux: Flux, champ: Champ, heard: Heard
    ) -> Outcome | None:
        """What follows « est-ce bien cela ? »: a yes, a no, the value again; None for the rest."""
        if french.command(heard.text) == "yes":
            return self._confirmed(dossier, flux, champ, flux.pending[0], heard)
        if heard.spoken and act_of(heard) in (Act.HOLD, Act.REPEAT):
            lead = replies.TAKE_TIME if act_of(heard) is Act.HOLD else ""
            return self._doubted(dossier, flux, Given(champ.id, *_split(flux.pending)), lead)
        again = said_again(champ, heard, flux.pending, self._today())
        said = is_yes(heard.text)
        if isinstance(again, Given) and again.value in flux.pending:
            if said is False and again.value == flux.pending[0]:
                problem = Unread(replies.SPELL_IT)
                return self._misread(dossier, replace(flux, pending=()), champ, problem)
            return self._confirmed(dossier, flux, champ, again.value, heard)
        if isinstance(again, Given) and (heard.spoken or said is False):
            return self._taken(dossier, flux, again, heard)
        if said:
            return self._confirmed(dossier, flux, champ, flux.pending[0], heard)
        picked = _picked(champ, flux.pending, heard)
        if picked is not None:
            return self._confirmed(dossier, flux, champ, picked, heard)
        cleared = replace(flux, pending=())
        if said is False and heard.spoken and len(flux.pending) > 1:
            return self._doubted(dossier, flux, Given(champ.id, *_split(flux.pending[1:])))
        if said is False and heard.spoken:
            return self._misread(dossier, cleared, champ, Unread(replies.SAY_AGAIN))
        if said is False:
            return Outcome([self._ask(dossier, cleared, "D'accord.")], cleared)
        return None

    def _confirmed(
        self, dossier: DossierView, flux: Flux, champ: Champ, value: str, heard: Heard
    ) -> Outcome:
        """A value confirmed; one that has just been heard is not said once more."""
        given = Given(champ.id, value)
        return self._kept(dossier, flux, [given], [] if heard.spoken else [given], doubt=True)

    def _taken(self, dossier: DossierView, flux: Flux, given: Given, heard: Heard) -> Outcome:
        """A value read: kept, or asked again once where it is doubtful."""
        if given.doubt:
            return self._doubted(dossier, flux, given)
        return self._keep(dossier, flux, [given], heard)

    def _keep(
        self,
        dossier: DossierView,
        flux: Flux,
        given: list[Given],
        heard: Heard | None = None,
        doubt: bool = False,
    ) -> Outcome:
        """Save answers, with the others that the same message gives, and go on."""
        champ = dossier.form.field(given[0].slot)
        if heard is not None and champ is not None:
            # What is told in one's own words names things that are not answers.
            details = heard.details if champ.kind != "text" else {}
            others = find_others(
                self._findable(dossier, heard), champ.id, heard.text, details, self._today()
            )
            given = [*given, *(g for g in others if not self._strange(dossier, g))]
            flux = self._heard_early(dossier, flux, heard)
        return self._kept(dossier, flux, given, given, doubt)

    def _heard_early(self, dossier: DossierView, flux: Flux, heard: Heard) -> Flux:
        """What is said aloud of questions to come is kept, to be read back when they come."""
        progress = dossier.progress(self._today())
        told = early([*progress.unanswered, *progress.pending], heard, self._today())
        pairs = {pair.split("=", 1)[0]: pair for pair in (*flux.early, *told)}
        return replace(flux, early=tuple(pairs.values()))

    def _kept(
        self,
        dossier: DossierView,
        flux: Flux,
        given: list[Given],
        told: list[Given],
        doubt: bool,
    ) -> Outcome:
        saved = self._save(dossier, given, doubt)
        flux = flux.moved_on(*(g.slot for g in given))
        now = next_of(saved.dossier, flux, self._today())
        # The recap says every answer: they are not said twice.
        told = [] if now.stage is Stage.RECAP else told
        lead = replies.noted(saved.dossier, told, self._gone(dossier, saved))
        return self._go_on(saved.dossier, flux, lead)

    def _strange(self, dossier: DossierView, given: Given) -> bool:
        """Whether a value that was not asked for should be, since it is doubtful."""
        champ = dossier.form.field(given.slot)
        return bool(given.doubt) or (
            champ is not None
            and (
                doubtful(champ, given.value, self._today()) != ""
                or _before_its_plate(champ, given, dossier) is not None
            )
        )

    def _gone(self, before: DossierView, saved: Saved) -> list[str]:
        """What no longer applies after a change: answers, and pièces that were asked for."""
        today = self._today()
        asked = {p.piece.id for p in saved.dossier.pieces(today)}
        pieces = [p.piece.label for p in before.pieces(today) if p.piece.id not in asked]
        return [*(champ.label for champ in saved.dropped), *pieces]

    def _findable(self, dossier: DossierView, heard: Heard) -> list[Champ]:
        """The fields without an answer that a message may fill without being asked for."""
        progress = dossier.progress(self._today())
        return findable([*progress.unanswered, *progress.pending], heard)


def _saying(heard: Heard, text: str) -> Heard:
    """A message reduced to a part of its text."""
    return replace(heard, whole=replace(heard.whole, text=text))


def _wary(champ: Champ, given: Given, heard: Heard) -> Given:
    """A name that sounds like a subject of the sheets (« usage perso ») is asked again."""
    doubtful = heard.whole.confidence >= SUBJECT_SURE and given.value not in heard.text
    if champ.kind != "name" or given.doubt or not doubtful:
        return given
    return replace(given, doubt=f"J'ai noté « {given.value} ». Est-ce bien le nom ?")


def _before_its_plate(champ: Champ, given: Given, dossier: DossierView) -> Given | None:
    """The same date, doubted, when no plate like the vehicle's existed yet."""
    of_plates = (dossier.values.get(f.id) for f in dossier.form.flow.fields if f.kind == "plate")
    since = max((french.plates.issued_since(plate) for plate in of_plates if plate), default="")
    if champ.kind != "date" or given.doubt or given.value >= since:
        return None
    told = french.show("date", given.value)
    doubt = (
        f"Vous avez indiqué le {told}, mais une plaque comme celle du véhicule n'existait pas "
        "encore. Est-ce bien cette date ?"
    )
    return replace(given, doubt=doubt)


def _picked(champ: Champ, pending: tuple[str, ...], heard: Heard) -> str | None:
    """The reading that a message takes up among several, by its words or its rank."""
    if len(pending) < 2:
        return None
    choices = [french.Choice(value, shown(champ, value)) for value in pending]
    reading = french.parse("choice", heard.text, choices=choices)
    return reading.value if reading.doubt is None else None


def _split(values: tuple[str, ...]) -> tuple[str, str, tuple[str, ...]]:
    """A value that was read, no doubt worded yet, and its rivals."""
    return values[0], "", values[1:]
