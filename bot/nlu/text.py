"""French messages made comparable: case, accents, apostrophes, SMS spelling, stems, sentences."""

import re
import unicodedata
from functools import lru_cache
from typing import List

import snowballstemmer

# What people shorten when they type fast; only whole words, and only where no French word is hit.
SHORT_FORMS = {
    "slt": "salut",
    "bjr": "bonjour",
    "bsr": "bonsoir",
    "cc": "coucou",
    "stp": "s il te plait",
    "svp": "s il vous plait",
    "mrc": "merci",
    "mci": "merci",
    "pr": "pour",
    "ds": "dans",
    "avc": "avec",
    "ss": "sans",
    "ke": "que",
    "ki": "qui",
    "koi": "quoi",
    "kwa": "quoi",
    "kel": "quel",
    "kelle": "quelle",
    "kels": "quels",
    "kes": "qu est ce",
    "kesk": "qu est ce que",
    "keske": "qu est ce que",
    "qd": "quand",
    "kan": "quand",
    "kand": "quand",
    "pk": "pourquoi",
    "pq": "pourquoi",
    "pkoi": "pourquoi",
    "pcq": "parce que",
    "psk": "parce que",
    "cmt": "comment",
    "cmnt": "comment",
    "coment": "comment",
    "koman": "comment",
    "komen": "comment",
    "comen": "comment",
    "cb": "combien",
    "cmb": "combien",
    "cmbien": "combien",
    "bcp": "beaucoup",
    "tt": "tout",
    "ts": "tous",
    "tjs": "toujours",
    "tjrs": "toujours",
    "ojd": "aujourd hui",
    "ajd": "aujourd hui",
    "auj": "aujourd hui",
    "mtn": "maintenant",
    "jms": "jamais",
    "vs": "vous",
    "ns": "nous",
    "jsuis": "je suis",
    "chui": "je suis",
    "chuis": "je suis",
    "jai": "j ai",
    "jé": "j ai",
    "gé": "j ai",
    "g": "j ai",
    "jv": "je vais",
    "jvx": "je veux",
    "jveux": "je veux",
    "jdois": "je dois",
    "jpeux": "je peux",
    "jpe": "je peux",
    "jfais": "je fais",
    "jarrive": "j arrive",
    "jcomprends": "je comprends",
    "c": "c est",
    "cé": "c est",
    "ct": "c etait",
    "ya": "il y a",
    "yaka": "il suffit",
    "fo": "il faut",
    "fau": "faut",
    "fer": "faire",
    "fr": "faire",
    "dmd": "demande",
    "dde": "demande",
    "dem": "demande",
    "doc": "document",
    "docs": "documents",
    "justif": "justificatif",
    "justifs": "justificatifs",
    "num": "numero",
    "nb": "nombre",
    "rdv": "rendez vous",
    "tel": "telephone",
    "pb": "probleme",
    "pbs": "problemes",
    "pblm": "probleme",
    "msg": "message",
    "mdp": "mot de passe",
    "cg": "carte grise",
    "cgs": "carte grise",
    "immat": "immatriculation",
    "imat": "immatriculation",
    "immatric": "immatriculation",
    "proprio": "proprietaire",
    "assoc": "association",
    "voit": "voiture",
    "vehi": "vehicule",
    "vhc": "vehicule",
    "vehic": "vehicule",
    "fc": "franceconnect",
    "dsl": "desole",
    "nvl": "nouvelle",
    "nvelle": "nouvelle",
    "nvo": "nouveau",
    "nvx": "nouveau",
    "jdoi": "je dois",
    "jve": "je veux",
    "jpeu": "je peux",
    "doi": "dois",
    "kelkechoz": "quelque chose",
    "kelke": "quelque",
    "kelques": "quelques",
    "choz": "chose",
    "ac": "avec",
    "qq": "quelque",
    "qqn": "quelqu un",
    "qqun": "quelqu un",
    "kelkun": "quelqu un",
    "kk1": "quelqu un",
    "qqch": "quelque chose",
    "qlq": "quelque",
    "2": "2",
    "rep": "reponse",
    "tps": "temps",
    "lgtps": "longtemps",
    "pdt": "pendant",
    "apres": "apres",
    "pa": "pas",
    "jsp": "je sais pas",
    "jsais": "je sais",
    "dc": "donc",
    "cad": "c est a dire",
    "entk": "en tout cas",
    "biz": "",
    "mobil": "mobile",
    "lv": "le",
    "1": "1",
    "osef": "",
    "ct2": "controle technique",
}

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'"})
_WORD = re.compile(r"[a-z0-9]+")
_PLATE = re.compile(
    # « a b 123 c d », as a recogniser writes what is spelt, is the same plate.
    r"\b[a-z][ -]?[a-z][ -]?\d{3}[ -]?[a-z][ -]?[a-z]\b"
    r"|\b\d{2,4}[ -]?[a-z]{2,3}[ -]?(?:\d{2,3}|2[ab])\b",
    re.I,
)
# « j'ai une question : … » says nothing of the question.
_PREAMBLE = re.compile(
    r"^\W*(?:(?:non|oui|en fait|juste|alors|euh|bonjour|svp)\W+)*"
    r"(?:c'est|j'ai|j'aurais|juste) (?:juste )?"
    r"(?:une|1) (?:petite |autre |simple )?question\b[\s,:.-]*(?=\S+\s+\S+\s+\S+)"
)
# « cb » is combien, or a bank card when something is paid with it.
_BANK_CARD = re.compile(r"\b(ma|ta|sa|la|une|par|ac|avec|en)\s+cb\b")
_EMAIL = re.compile(r"\S+@\S+\.\w+")
_LONG_NUMBER = re.compile(r"\b\d[\d ]{7,}\d\b")
_STEMMER = snowballstemmer.stemmer("french")
_SENTENCE_END = re.compile(r"(?<=[.!?;…])\s+|\n+")


def strip_accents(text: str) -> str:
    """The text without diacritics; œ and æ become two letters."""
    text = text.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("Æ", "AE")
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def words(text: str) -> List[str]:
    """The words of a message: lower-case, no accents, short forms written out.

    Plates, e-mail addresses and long numbers are replaced by one word each, so that a
    value dictated in the middle of a question does not weigh on its meaning.
    """
    text = unicodedata.normalize("NFC", text).translate(_APOSTROPHES).lower()
    text = _PREAMBLE.sub("", text)
    text = _BANK_CARD.sub(r"\1 carte bancaire", text)
    text = _EMAIL.sub(" adressemail ", text)
    text = _PLATE.sub(" numeroplaque ", text)
    text = _LONG_NUMBER.sub(" longnumero ", text)
    found: List[str] = []
    for raw in re.findall(r"\w+", text):
        if raw in SHORT_FORMS:
            found += SHORT_FORMS[raw].split()
            continue
        plain = strip_accents(raw)
        found += SHORT_FORMS.get(plain, plain).split()
    return [w for word in found for w in _WORD.findall(word)]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The French Snowball stem of an unaccented word."""
    return str(_STEMMER.stemWord(word))


def sentences(text: str) -> List[str]:
    """The sentences of a message; a text without punctuation is one sentence."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part.strip()]
