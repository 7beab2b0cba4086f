"""Checks of the code that lives in Rasa's process; run by test_engine_code.py, on its Python."""

import asyncio
import json
import sqlite3
import tempfile
import unittest
from pathlib import Path

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.channel import GatewayInput
from bot.engine.tracker_store import KEPT_TURNS, BoundedTrackerStore
from bot.nlu.detail_extractor import DetailExtractor
from bot.nlu.question_classifier import _parts
from bot.nlu.sounds import sound
from bot.nlu.text import sentences, stem, words
from bot.nlu.topic_model import facet_of, subject_of

PHRASES = {
    "pour_qui": ["pour quelqu'un d'autre", "pour moi"],
    "compte": ["FranceConnect", "compte classique"],
    "motif": ["volée", "on me l'a volée"],
}


class Words(unittest.TestCase):
    def test_spelling_does_not_matter(self):
        for written in ("J'ai PERDU", "j’ai perdu", "jai perdu", "gé perdu", "J`ai  perdu !"):
            assert words(written) == ["j", "ai", "perdu"], written

    def test_short_forms(self):
        assert words("slt cmt fer pr ma cg stp") == words(
            "salut comment faire pour ma carte grise s'il te plaît"
        )

    def test_accents_and_ligatures(self):
        assert words("Où dénicher l'œuf ?") == ["ou", "denicher", "l", "oeuf"]

    def test_values_do_not_weigh(self):
        for written in ("AB-123-CD", "ab 123 cd", "AB123CD", "123 AB 01", "1234 AB 2A"):
            assert words(f"plaque {written}") == ["plaque", "numeroplaque"], written
        assert words("moi jean.dupont@exemple.fr") == ["moi", "adressemail"]
        assert words("au 06 12 34 56 78") == ["au", "longnumero"]

    def test_anything_is_read(self):
        for text in ("", " ", "?!", "🚗", "\ud83d", "مرحبا", "a" * 5000, "\x00"):
            assert isinstance(words(text), list)

    def test_stems_join_forms(self):
        assert stem("perdue") == stem("perdu")
        assert stem("pieces") == stem("piece")

    def test_sentences(self):
        assert sentences("Bonjour. Où est-ce ?\nMerci") == ["Bonjour.", "Où est-ce ?", "Merci"]
        assert sentences("euh voilà j'ai perdu ma carte") == ["euh voilà j'ai perdu ma carte"]

    def test_parts_are_real_sentences(self):
        assert _parts("Une seule question sans plus ?") == []
        assert _parts("Bonjour ! Où est mon code de cession ? Merci.") == [
            "Où est mon code de cession ?"
        ]

    def test_sounds(self):
        for one, other in (("quel", "kel"), ("session", "cession"), ("foto", "photo")):
            assert sound(one) == sound(other), (one, other)
        assert sound("13749") == "13749"

    def test_topics(self):
        assert (facet_of("pieces/cession"), subject_of("pieces/cession")) == ("pieces", "cession")
        assert (facet_of("saluer"), subject_of("saluer")) == ("saluer", "saluer")


class Details(unittest.TestCase):
    def setUp(self):
        self.extractor = DetailExtractor({}, None, None, PHRASES)

    def found(self, text):
        return [(entity["entity"], entity["value"]) for entity in self.extractor.find(text)]

    def test_spelling_does_not_matter(self):
        for said in ("et pour quelqu’un d’autre ?", "ET POUR QUELQU'UN D'AUTRE"):
            assert self.found(said) == [("pour_qui", "pour quelqu'un d'autre")]
        assert self.found("si jai franceconnect") == [("compte", "FranceConnect")]

    def test_the_longest_wins_and_order_is_kept(self):
        assert self.found("on me l'a volée, c'est pour moi") == [
            ("motif", "on me l'a volée"),
            ("pour_qui", "pour moi"),
        ]

    def test_only_whole_words(self):
        assert self.found("pour moitié, un compte classiquement") == []

    def test_places_are_in_the_text(self):
        for text in ("c'est pour moi", "POUR MOI", "jai france connect", "p0ur moi"):
            for entity in self.extractor.find(text):
                assert 0 <= entity["start"] <= entity["end"] <= len(text)


class Trackers(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = str(Path(folder.name) / "trackers.db")
        self.domain = Domain.load("domain.yml")
        self.store = BoundedTrackerStore(self.domain, path=self.path)

    def talk(self, name, turns, first=0):
        """Turns as the engine plays them: retrieved, played and saved one by one."""
        for turn in range(first, first + turns):
            tracker = asyncio.run(self.store.retrieve(name))
            if tracker is None:
                tracker = DialogueStateTracker(name, self.domain.slots)
                tracker.update(ActionExecuted("action_session_start"))
                tracker.update(ActionExecuted("action_listen"))
            tracker.update(UserUttered(f"question {turn}", {"name": "pieces"}))
            tracker.update(ActionExecuted("action_tour"))
            tracker.update(SlotSet("sujet", f"sujet {turn}"))
            if turn == 1:
                tracker.update(SlotSet("demarche", "duplicata"))
            tracker.update(BotUttered(data={"custom": {"text": f"réponse {turn}", "card": None}}))
            tracker.update(ActionExecuted("action_listen"))
            asyncio.run(self.store.save(tracker))

    def size(self, name):
        with sqlite3.connect(self.path) as db:
            row = db.execute("SELECT events FROM tracker WHERE conversation = ?", (name,))
            return len(row.fetchone()[0])

    def test_the_state_is_kept_after_many_turns(self):
        self.talk("a", 50)
        tracker = asyncio.run(self.store.retrieve("a"))
        assert tracker.get_slot("sujet") == "sujet 49"
        assert tracker.get_slot("demarche") == "duplicata"
        assert tracker.latest_action_name == "action_listen"
        said = [event.text for event in tracker.events if isinstance(event, UserUttered)]
        assert said[-KEPT_TURNS:] == [f"question {turn}" for turn in range(44, 50)]

    def test_a_slot_emptied_stays_empty(self):
        self.talk("a", 30)
        tracker = asyncio.run(self.store.retrieve("a"))
        tracker.update(SlotSet("demarche", None))
        asyncio.run(self.store.save(tracker))
        self.talk("a", 30, first=30)
        assert asyncio.run(self.store.retrieve("a")).get_slot("demarche") is None

    def test_the_size_is_bounded(self):
        self.talk("a", 2 * KEPT_TURNS)
        most = self.size("a")
        self.talk("a", 100, first=2 * KEPT_TURNS)
        assert self.size("a") < 1.5 * most
        tracker = asyncio.run(self.store.retrieve("a"))
        assert len(tracker.events) < 100

    def test_a_saved_tracker_is_the_same_when_read(self):
        self.talk("a", 3)
        kept = asyncio.run(self.store.retrieve("a"))
        again = BoundedTrackerStore(self.domain, path=self.path)
        assert asyncio.run(again.retrieve("a")) == kept

    def test_conversations_are_apart(self):
        self.talk("a", 2)
        self.talk("b", 1)
        assert set(asyncio.run(self.store.keys())) == {"a", "b"}
        self.store.forget("a")
        assert asyncio.run(self.store.retrieve("a")) is None
        assert asyncio.run(self.store.retrieve("b")).get_slot("sujet") == "sujet 0"

    def test_what_is_kept_is_json(self):
        self.talk("a", 20)
        with sqlite3.connect(self.path) as db:
            (events,) = db.execute("SELECT events FROM tracker").fetchone()
        assert isinstance(json.loads(events), list)


class Channel(unittest.TestCase):
    def test_it_does_not_start_without_a_secret(self):
        for credentials in (None, {}, {"secret": ""}):
            with self.assertRaises(ValueError):  # noqa: PT027 - no pytest there
                GatewayInput.from_credentials(credentials)


if __name__ == "__main__":
    unittest.main()
