"""Encryption at rest: values, messages and files are kept under a key from the settings."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class UnreadableError(Exception):
    """What is kept was not written under any of the keys given."""


class Vault:
    """Encrypts with the first key, reads with any of them (so that a key can be replaced).

    ``keys``: any secret texts, separated by spaces or commas.
    """

    def __init__(self, keys: str) -> None:
        parts = keys.replace(",", " ").split()
        if not parts:
            raise ValueError("an encryption key is needed")
        self._fernet = MultiFernet([Fernet(_derived(part)) for part in parts])

    def close(self, text: str) -> bytes:
        return self._fernet.encrypt(text.encode())

    def open(self, kept: bytes) -> str:
        return self.open_bytes(kept).decode()

    def close_bytes(self, content: bytes) -> bytes:
        return self._fernet.encrypt(content)

    def open_bytes(self, kept: bytes) -> bytes:
        """Raises UnreadableError when no key fits, or the content was altered."""
        try:
            return self._fernet.decrypt(kept)
        except InvalidToken as error:
            raise UnreadableError("not readable with the dossiers' key") from error


def _derived(secret: str) -> bytes:
    """A Fernet key from a secret text. The secret is a long random key, not a password."""
    digest = hashlib.blake2b(secret.encode(), digest_size=32, person=b"repere-dossiers").digest()
    return base64.urlsafe_b64encode(digest)
