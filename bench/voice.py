"""Finds the synthesiser that tests speak with (espeak-ng), and gets it when it is missing."""

import os
import shutil
import subprocess
from functools import cache

PACKAGE = "espeak-ng"


@cache
def espeak() -> str | None:
    """The path of espeak-ng, installed as root from Debian when it is missing; None without it."""
    found = shutil.which(PACKAGE)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installation de {PACKAGE} pour les tests (paquet Debian)…", flush=True)
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", PACKAGE]
        for command in (["apt-get", "update", "-qq"], install):
            subprocess.run(command, env=environment, capture_output=True)
        found = shutil.which(PACKAGE)
    return found


if __name__ == "__main__":
    if espeak() is None:
        print(f"{PACKAGE} manque : les essais de voix seront passés.")
