"""Dossiers: a démarche carried through, from its first answer to its end.

``Dossiers`` (register) keeps them; ``progress`` says what comes next; ``states`` who may move them
and when; ``pieces`` and ``attachments`` hold the supporting documents; ``recap`` and ``recap_text``
show a dossier; ``retention`` erases it; ``teleservice`` is where it is filed.
"""
