"""The little markup that a synthesiser is given."""

from xml.sax.saxutils import escape

SLOW_RATE = "80%"


def slowly(line: str) -> str:
    """A sentence said slowly (SSML); anything in it that looks like markup is text."""
    return f'<prosody rate="{SLOW_RATE}">{escape(line)}</prosody>'
