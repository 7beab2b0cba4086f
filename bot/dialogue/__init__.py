"""The dialogue: a message is heard once as acts, a table tells the move, one book says it.

``hear`` reads the text; ``table`` (``moves.yml``) is stage × act → move; ``filling``,
``settling``, ``asides``, ``openings``, ``filed`` and ``talking`` carry the moves out, in the words
of ``bot.book``; ``turn`` plays one turn whole.
"""
