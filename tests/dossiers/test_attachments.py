"""Files: recognised by their content, made harmless, and bad photos noticed at once."""

import contextlib
import io

import numpy as np
import pillow_heif
import pytest
import sent_files
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from dossiers.attachments import Examined, Limits, RefusedFileError, examine

LIMITS = Limits(max_bytes=3_000_000, max_pages=5, max_pixels=20_000_000, max_side=2000)


def refused(content: bytes) -> str:
    with pytest.raises(RefusedFileError) as error:
        examine(content, LIMITS)
    return error.value.reason


def opened(examined: Examined) -> Image.Image:
    image = Image.open(io.BytesIO(examined.content))
    image.load()
    return image


def heic(image: Image.Image) -> bytes:
    made = io.BytesIO()
    pillow_heif.from_pillow(image).save(made, quality=80)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (sent_files.photo(), "image/jpeg"),
        (sent_files.encoded(sent_files.page(), "PNG"), "image/png"),
        (heic(sent_files.page()), "image/jpeg"),
        (sent_files.pdf(5), "application/pdf"),
        (b"\n  " + sent_files.pdf(), "application/pdf"),
    ],
)
def test_good_files_are_taken_without_remark(content: bytes, media_type: str) -> None:
    examined = examine(content, LIMITS)
    assert (examined.media_type, examined.warnings) == (media_type, ())


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_is_read(mode: str) -> None:
    page = sent_files.page().convert("L").convert("I;16" if mode == "I;16" else mode)
    if mode == "I;16":
        page = Image.fromarray(np.asarray(sent_files.page().convert("L"), "u2") * 256)
    examined = examine(sent_files.encoded(page, "PNG"), LIMITS)
    assert examined.warnings == ()
    assert opened(examined).mode in ("L", "RGB")


def test_a_cmyk_jpeg_is_read() -> None:
    examined = examine(sent_files.encoded(sent_files.page().convert("CMYK")), LIMITS)
    assert opened(examined).mode == "RGB"


def test_an_image_is_written_again_upright_without_its_metadata() -> None:
    sent = sent_files.photo_with_place()
    assert b"chez moi" in sent
    examined = examine(sent, LIMITS)
    image = opened(examined)
    assert image.size == (1240, 1754)
    assert not image.getexif()
    for hidden in (b"Exif", b"chez moi", b"un secret"):
        assert hidden not in examined.content


def test_what_follows_an_image_is_left_out() -> None:
    hidden = b"<script>alert(1)</script>"
    assert hidden not in examine(sent_files.photo() + hidden, LIMITS).content
    png = sent_files.encoded(sent_files.page(), "PNG") + hidden
    assert hidden not in examine(png, LIMITS).content


def test_a_very_large_photo_is_brought_down() -> None:
    large = sent_files.encoded(sent_files.page(3500, 5000))
    assert max(opened(examine(large, LIMITS)).size) == 2000


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "vide"),
        (b"x" * 3_000_001, "trop lourd : 2 Mo"),
        (b"MZ\x90\x00 un programme", "ne reconnais pas"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "ne reconnais pas"),
        (b"<html><script>alert(1)</script>", "ne reconnais pas"),
        (b"PK\x03\x04 une archive", "ne reconnais pas"),
        (sent_files.encoded(sent_files.page(), "GIF"), "ne reconnais pas"),
        (sent_files.encoded(sent_files.page(300, 300), "TIFF"), "ne reconnais pas"),
        (sent_files.encoded(sent_files.page(200, 200), "BMP"), "ne reconnais pas"),
        (sent_files.photo()[:20_000], "abîmée ou incomplète"),
        (sent_files.encoded(sent_files.page(), "PNG")[:9_000], "abîmée ou incomplète"),
        (sent_files.png_bomb(), "trop grande"),
        (sent_files.png_bomb(5000), "trop grande"),
        (sent_files.png_bomb(4000), "abîmée ou incomplète"),
        (heic(sent_files.page())[:2_000], "abîmé"),
        (sent_files.pdf(6), "6 pages : il en faut 5 au plus"),
        (sent_files.pdf(0), "aucune page"),
        (sent_files.encrypted_pdf(), "mot de passe"),
        (sent_files.pdf_with_script(), "programme"),
        (sent_files.pdf_that_launches(), "programme"),
        (sent_files.pdf_that_leaves(), "programme"),
        (sent_files.pdf_with_file(), "fichier caché"),
        (sent_files.pdf()[:200], "PDF est abîmé"),
        (b"%PDF-1.7\n" + b"\0" * 500, "PDF est abîmé"),
    ],
    ids=range(24),
)
def test_what_cannot_be_taken_is_refused_with_a_reason(content: bytes, said: str) -> None:
    if said == "abîmé":
        assert "abîmée" in refused(content) or "ne reconnais pas" in refused(content)
    else:
        assert said in refused(content)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_files_are_taken_or_refused_but_never_break(data: st.DataObject) -> None:
    samples = [
        sent_files.pdf(),
        sent_files.pdf_with_script(),
        sent_files.encoded(sent_files.page(300, 300)),
    ]
    content = bytearray(data.draw(st.sampled_from(samples)))
    for _ in range(data.draw(st.integers(1, 12))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    with contextlib.suppress(RefusedFileError):
        examined = examine(bytes(content), LIMITS)
        assert examined.media_type in ("application/pdf", "image/jpeg")


@pytest.mark.parametrize(
    ("image", "warning"),
    [
        (sent_files.page(600, 800), "trop_petite"),
        (sent_files.page(ink=5, paper=60), "trop_sombre"),
        (sent_files.page(ink=215, paper=250), "trop_claire"),
    ],
)
def test_a_photo_that_is_hard_to_read_is_noticed(image: Image.Image, warning: str) -> None:
    assert examine(sent_files.encoded(image), LIMITS).warnings == (warning,)


def test_a_blurred_photo_is_noticed() -> None:
    assert examine(sent_files.blurred(), LIMITS).warnings == ("floue",)


def test_a_dim_page_in_focus_is_no_trouble() -> None:
    assert examine(sent_files.encoded(sent_files.page(ink=30, paper=130)), LIMITS).warnings == ()
