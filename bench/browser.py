"""Finds the system's Chromium for browser tests, and gets one when it is missing."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    """The path of the system's Chromium; None when there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def get_chromium() -> None:
    """Debian's package as root; Playwright's own download for anyone else."""
    if chromium():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installation de Chromium pour les tests (paquet Debian)…", flush=True)
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=True, env=environment)  # noqa: S607
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123
            subprocess.run(install, check=True, env=environment, stdout=nowhere)
        return
    print("Téléchargement de Chromium pour les tests (Playwright)…", flush=True)
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


if __name__ == "__main__":
    get_chromium()
