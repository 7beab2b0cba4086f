"""Questions on the documents: what to answer, ask back or decline, and the words for it."""
