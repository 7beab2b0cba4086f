"""Checks of the sentence encoder; run by test_encoder.py, on the engine's Python."""

import statistics
import time
import unittest

import numpy as np

from bot.nlu.encoder import MODEL, PIECES, SIZE, Encoder
from bot.nlu.pieces import Cutter, Vocabulary, normalised

MEGABYTE = 1_000_000
QUESTION = "J'ai perdu ma carte grise, comment la faire refaire ?"
SENTENCES = (
    QUESTION,
    "on m'a volé le certificat d'immatriculation, je fais quoi ?",
    "Mon dossier est déjà déposé sur le site.",
    "quel temps fera-t-il à Brest demain",
    "pk vs voulé mon num de tel",
)
ODD = ("", " ", "?!", "🚗", "👩‍👩‍👧", "\ud83d", "مرحبا", "\x00", "a" * 5000, "merci " * 2000)
# Some ten milliseconds where it was measured; a busy machine may take several times as long.
SLOWEST = 0.1


class Vectors(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.encoder = Encoder()

    def test_vectors_have_unit_length(self) -> None:
        vectors = self.encoder.vectors(SENTENCES)
        assert vectors.shape == (len(SENTENCES), SIZE)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)

    def test_a_vector_depends_on_its_text_alone(self) -> None:
        together = self.encoder.vectors(SENTENCES)
        alone = [self.encoder.vectors([text])[0] for text in SENTENCES]
        np.testing.assert_array_equal(together, alone)
        np.testing.assert_array_equal(together, Encoder().vectors(SENTENCES))

    def test_what_means_the_same_is_nearer(self) -> None:
        question, reworded, *others = self.encoder.vectors(SENTENCES)
        assert question @ reworded > max(question @ other for other in others)

    def test_any_text_has_a_vector(self) -> None:
        vectors = self.encoder.vectors(ODD)
        assert np.isfinite(vectors).all()
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)

    def test_no_text_has_no_vector(self) -> None:
        assert self.encoder.vectors([]).shape == (0, SIZE)

    def test_quick(self) -> None:
        self.encoder.vectors([QUESTION])
        spent = []
        for _ in range(20):
            began = time.perf_counter()
            self.encoder.vectors([QUESTION])
            spent.append(time.perf_counter() - began)
        assert statistics.median(spent) < SLOWEST, statistics.median(spent)

    def test_small(self) -> None:
        assert MODEL.stat().st_size + PIECES.stat().st_size <= 40 * MEGABYTE


class Pieces(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.vocabulary = Vocabulary.load(PIECES)
        cls.cutter = Cutter(cls.vocabulary)

    def cut(self, text: str) -> str:
        numbers = self.cutter.numbers(text, 1000)
        return "".join(self.vocabulary.pieces[n] for n in numbers[1:-1]).replace("\u2581", " ")

    def test_pieces_joined_give_the_text_back(self) -> None:
        for text in (*SENTENCES, "AB-123-CD, 12/03/2024 : n° 4 500 €", "Œuvrez, naïfs ; à Noël !"):
            assert self.cut(text).strip() == normalised(text), text

    def test_french_needs_no_unknown_piece(self) -> None:
        for word in ("anticonstitutionnellement", "kwassa", "çàéèêëîïôùûüÿœæ", "«…»", "’–"):
            assert self.vocabulary.unknown not in self.cutter.numbers(word, 100), word

    def test_long_texts_are_cut_short(self) -> None:
        numbers = self.cutter.numbers("merci " * 100, 20)
        assert len(numbers) == 20
        assert numbers[-1] == self.vocabulary.end

    def test_invisible_signs_do_not_count(self) -> None:
        assert normalised("carte\u00a0grise\u200b\tperdue\n") == "carte grise perdue"
        assert normalised("e\u0301tat") == "état"


if __name__ == "__main__":
    unittest.main()
