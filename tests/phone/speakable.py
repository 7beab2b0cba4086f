"""What must not reach a caller's ear."""

import re

from french.verbal import abbreviations

LONGEST = 25
_FORBIDDEN = {
    "a figure": r"\d",
    "a sign": r"[^A-Za-zÀ-ÖØ-öø-ÿŒœ\s',.:?!-]",
    "an address of the web": r"https?|www|\w\.\w|\.(?:fr|com)\b",
    "capitals in a row": r"[A-ZÀ-ÖØ-Ý]{2,}",
    "a dash that is no hyphen": r"(?:^|\s)-|-(?:\s|$)",
    "a short form": r"(?i)\b(?:etc|ex|cf|réf|tél|mme|mlle|svp|max|nb)\.|\bn ?°|\bpdf\b",
    "marks in a row": r"[,.:?!]\s*[,.:]",
    "a loose mark": r"\s[,.]|^[,.:?!]",
}


def faults(line: str) -> list[str]:
    """Why a line can't be spoken."""
    found = [name for name, pattern in _FORBIDDEN.items() if re.search(pattern, line)]
    words = re.findall(r"[^\W_]+(?:['-][^\W_]+)*", line)
    if set(words) & set(abbreviations()):
        found.append("an abbreviation")
    for sentence in re.split(r"[.!?]", line):
        heard = re.findall(r"[^\W_]+(?:'[^\W_]+)?", sentence)
        if len(heard) > LONGEST:
            found.append(f"{len(heard)} words")
    if not line.strip() or line.strip()[-1] not in ".?!":
        found.append("no end")
    return found


def all_faults(lines: list[str]) -> list[str]:
    return [f"{line} ({', '.join(why)})" for line in lines if (why := faults(line))]
