"""Whether a photo of a document can be read: its size, its light, its sharpness.

Pièces are refused as illegible (the documents' own example): better said at once. These are
warnings only; the person may send the photo all the same.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Warning_ = Literal["trop_petite", "trop_sombre", "trop_claire", "floue"]

TEXTS: dict[Warning_, str] = {
    "trop_petite": "L'image est trop petite : le texte sera difficile à lire.",
    "trop_sombre": "L'image est trop sombre.",
    "trop_claire": "L'image est trop claire : le texte disparaît.",
    "floue": "L'image est floue.",
}
ADVICE = (
    "Posez le document bien à plat, dans un endroit éclairé, et prenez la photo de près, "
    "sans bouger."
)

# An A4 page at about 100 dots per inch: below, the small print of a form is lost.
MIN_LONG_SIDE = 1000
# Light is measured from 0 to 255. Even the paper is dim; even the ink is pale.
DARK_PAPER = 90
PALE_INK = 190
# The sharpest places of the image: Laplacian over contrast. Print in focus is near 1 or above, a
# page out of focus below 0.2.
MIN_SHARPNESS = 0.28
# All images are measured at the same size, so that the thresholds mean the same.
MEASURED_SIDE = 1000


def look(image: Image.Image) -> list[Warning_]:
    """What makes the image hard to read; empty when nothing does."""
    found: list[Warning_] = []
    if max(image.size) < MIN_LONG_SIDE:
        found.append("trop_petite")
    small = image.convert("L")
    small.thumbnail((MEASURED_SIDE, MEASURED_SIDE))
    gray = np.asarray(small, dtype=np.float32)
    # A page may bear a few lines only: its ink is looked for in the darkest five hundredth.
    ink, paper = np.percentile(gray, (0.2, 99))
    if paper < DARK_PAPER:
        found.append("trop_sombre")
    elif _sharpness(gray, float(paper - ink)) < MIN_SHARPNESS:
        found.append("floue")
    elif ink > PALE_INK:
        found.append("trop_claire")
    return found


def _sharpness(gray: NDArray[np.float32], contrast: float) -> float:
    """The Laplacian at the sharpest places (one pixel in two hundred), over the contrast."""
    if min(gray.shape) < 3 or contrast <= 0:
        return 0.0
    centre = gray[1:-1, 1:-1]
    around = gray[:-2, 1:-1] + gray[2:, 1:-1] + gray[1:-1, :-2] + gray[1:-1, 2:]
    return float(np.percentile(np.abs(4 * centre - around), 99.5)) / contrast
