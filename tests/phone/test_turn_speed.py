"""How long a caller waits for us."""

import os
import time

from calls import AudioCodesCall, Calling, text_of

TURNS = (
    "je voudrais faire un duplicata de carte grise avec vous",
    "elle est perdue",
    "pour moi",
    "compte certifié",
    "répétez",
    "a b 123 c d",
    "oui",
    "pourquoi",
    "attendez",
    "c'est bon",
)
P95_SECONDS = 0.3
MEASUREMENTS = 4  # the machine may be busy with something else: the best of some


def test_a_turn_takes_less_than_three_tenths_of_a_second(calling: Calling) -> None:
    best = min(_p95(calling()) for _ in range(MEASUREMENTS))
    assert best < P95_SECONDS * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def _p95(call: AudioCodesCall) -> float:
    seconds = []
    for text in TURNS:
        began = time.perf_counter()
        assert text_of(call.say(text))
        seconds.append(time.perf_counter() - began)
    call.hang_up()
    return sorted(seconds)[round(0.95 * (len(seconds) - 1))]
