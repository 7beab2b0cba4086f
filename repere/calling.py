"""``repere call``: a call in the terminal, through the AudioCodes adapter as a platform would."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from repere.phone_client import Heard, PhoneCall
from repere.running import for_the_occasion, is_ready
from repere.settings import Settings

TOKEN = "appel-d-essai"  # noqa: S105 - of a Repère started for one call, on this machine


class PhoneOffError(Exception):
    """The Repère that runs here takes no calls; the message says why, in French."""


@contextmanager
def line(settings: Settings) -> Iterator[tuple[str, str]]:
    """The address and the token of the Repère that runs here, or of one started for the call."""
    address = f"http://{settings.host}:{settings.port}"
    token = settings.phone_audiocodes_token
    if is_ready(address):
        if not token:
            raise PhoneOffError(
                "Repère fonctionne ici, mais sans téléphone : donnez une valeur à "
                "REPERE_PHONE_AUDIOCODES_TOKEN, puis relancez-le."
            )
        yield address, token
        return
    with for_the_occasion(settings, {"REPERE_PHONE_AUDIOCODES_TOKEN": TOKEN}) as started:
        yield started.url, TOKEN


def talk(url: str, token: str, *, aloud: bool) -> None:
    """A call: what is typed is what is said, until either side hangs up."""
    with httpx.Client(base_url=url, timeout=30, trust_env=False) as http:
        call = PhoneCall(http, token)
        try:
            _hear(call.welcome, aloud=aloud)
            while not call.over and (typed := _typed()) is not None:
                _hear(_told(call, typed), aloud=aloud)
            print("(fin de l'appel)")
        finally:
            call.hang_up()


def _typed() -> str | None:
    """What the caller does next; None at the end of the input."""
    try:
        return input("vous > ").strip()
    except EOFError:
        return None


def _told(call: PhoneCall, typed: str) -> Heard:
    if typed.startswith("#"):
        return call.press(typed[1:])
    return call.say(typed) if typed else call.silence()


def can_speak() -> bool:
    return shutil.which("espeak-ng") is not None


def _hear(heard: Heard, *, aloud: bool) -> None:
    for sentence in heard.lines:
        print(f"repère > {sentence}", flush=True)
    if aloud:
        text = "\n".join(heard.lines)
        voice = shutil.which("espeak-ng") or "espeak-ng"
        subprocess.run([voice, "-v", "fr", "-s", "150"], input=text.encode(), check=False)
