"""Start the engine: Rasa's server with our channel, on a port of the loop-back interface.

Run with the engine's Python: ``python -m bot.engine.serve MODEL PORT``. The process ends with its
parent, so that a killed supervisor leaves nothing behind.
"""

import ctypes
import logging
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
# A turn's products are small: more threads gain nothing, and disturb the application beside.
ONE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
)


def _end_with_parent() -> None:
    parent = os.getppid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit(0)


def main() -> None:
    model, port = sys.argv[1], int(sys.argv[2])
    if sys.platform == "linux":
        _end_with_parent()
    for name in ONE_THREAD:  # read when the libraries are imported
        os.environ.setdefault(name, "1")
    import rasa
    from rasa.utils.log_utils import configure_structlog

    from bot.engine import light_spacy

    light_spacy.use()
    # Rasa's debug logs hold what people write, and cost a good part of a turn.
    configure_structlog(logging.WARNING)
    rasa.run(
        model=model,
        endpoints="endpoints.yml",
        credentials="credentials.yml",
        interface=os.environ.get("REPERE_ENGINE_HOST", "127.0.0.1"),
        port=port,
        enable_api=True,
        auth_token=os.environ["REPERE_ENGINE_SECRET"],
    )


if __name__ == "__main__":
    main()
