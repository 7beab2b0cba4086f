"""Files sent for a pièce: recognised by their content, checked, and made harmless.

Nothing is believed of the name or the declared type. Images are decoded and written again, which
leaves out their EXIF data (place, device) and whatever else was hidden; PDFs are kept as they are
once nothing in them runs.
"""

import io
import threading
from dataclasses import dataclass

import pillow_heif
from PIL import Image, ImageOps, _imaging

from dossiers import legibility, pdf_files

pillow_heif.register_heif_opener(thumbnails=False)

# JPEG includes the several-picture files of some phones (MPO), of which the first is taken.
_FORMATS = ("JPEG", "PNG", "HEIF")
_JPEG_QUALITY = 88
# A small file may hold an image that takes a gigabyte to decode: one at a time in a process.
_DECODING = threading.Lock()
# Blocks of this size (Pillow's PILLOW_BLOCK_SIZE) go back to the system as soon as they are free;
# smaller ones stay with the thread that asked for them.
_imaging.set_block_size(64 * 1024 * 1024)
EXTENSIONS = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}


@dataclass(frozen=True)
class Limits:
    """What is accepted: bytes, pages of a PDF, pixels of an image; ``files`` per dossier."""

    max_bytes: int = 10 * 1024 * 1024
    max_pages: int = 20
    max_pixels: int = 60_000_000
    max_side: int = 4000
    files: int = 40


class RefusedFileError(Exception):
    """A file that is not taken; ``reason`` is French: why, and what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Examined:
    """A file that may be kept: its content as it is kept, and what makes it hard to read."""

    content: bytes
    media_type: str
    pages: int
    warnings: tuple[legibility.Warning_, ...] = ()

    @property
    def extension(self) -> str:
        return EXTENSIONS[self.media_type]


def examine(content: bytes, limits: Limits | None = None) -> Examined:
    """Check a file by its content. Raises RefusedFileError."""
    limits = limits or Limits()
    if not content:
        raise RefusedFileError("Ce fichier est vide.")
    if len(content) > limits.max_bytes:
        most = limits.max_bytes // (1024 * 1024)
        raise RefusedFileError(f"Ce fichier est trop lourd : {most} Mo au plus.")
    if content.lstrip()[:5] == b"%PDF-":
        try:
            pages = pdf_files.check(content, limits.max_pages)
        except pdf_files.RefusedPdfError as error:
            raise RefusedFileError(error.reason) from error
        return Examined(content, "application/pdf", pages)
    with _DECODING:
        return _examine_image(content, limits)


def _examine_image(content: bytes, limits: Limits) -> Examined:
    try:
        image = Image.open(io.BytesIO(content), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    except Exception as error:  # a hostile file makes a decoder raise anything
        raise RefusedFileError(
            "Je ne reconnais pas ce fichier. Envoyez un PDF, ou une photo JPEG, PNG ou HEIC."
        ) from error
    with image:
        if image.width * image.height > limits.max_pixels:
            raise _too_large()
        try:
            clean = _decoded(image, limits.max_side)
        except Exception as error:
            raise RefusedFileError(
                "Cette image est abîmée ou incomplète. Envoyez-la de nouveau."
            ) from error
        media_type = "image/png" if image.format == "PNG" else "image/jpeg"
    kept = io.BytesIO()
    if media_type == "image/png":
        clean.save(kept, "PNG", compress_level=6)
    else:
        clean.save(kept, "JPEG", quality=_JPEG_QUALITY)
    return Examined(kept.getvalue(), media_type, 1, tuple(legibility.look(clean)))


def _too_large() -> RefusedFileError:
    return RefusedFileError(
        "Cette image est trop grande. Reprenez la photo avec une définition plus basse."
    )


def _decoded(image: Image.Image, max_side: int) -> Image.Image:
    """The pixels alone, upright, on white, at most ``max_side`` on each side."""
    if image.format in ("JPEG", "MPO"):
        image.draft("RGB", (max_side, max_side))
    upright = ImageOps.exif_transpose(image)
    if upright.has_transparency_data:
        layer = upright.convert("RGBA")
        upright = Image.new("RGBA", layer.size, "white")
        upright.alpha_composite(layer)
    if upright.mode.startswith(("I", "F")):
        upright = upright.convert("I").point(lambda value: value / 256).convert("L")
    plain = upright.convert("L" if upright.mode in ("1", "L", "LA") else "RGB")
    plain.thumbnail((max_side, max_side))
    # A fresh image: the metadata of the first one can't follow.
    clean = Image.new(plain.mode, plain.size)
    clean.paste(plain)
    return clean
