"""How sure a decision must be: set on the tuning half of the evaluation set (``make evaluate``)."""

ANSWER = 0.45  # a topic this probable is answered
SUBJECT_SURE = 0.60  # else, with a subject this probable, its likeliest facet is answered
CLEAR = 0.70  # below it, vague subjects that together weigh …
DOUBTFULLY_CLEAR = 0.22  # … this much are worth asking about
RIVAL = 0.30  # two démarches to begin this probable are asked about
LIKELY = 0.28  # … when it is this probable
UNNAMED = 0.12  # outside, when no outside topic is even this probable: a likely topic is proposed
FACET_SURE = 0.60  # a facet this probable is kept, and its subject asked
OUTSIDE = 0.35  # outside topics this probable together are declined
NAMED_OUTSIDE = 0.20  # … by name when one of them is this probable
PLAUSIBLE = 0.10  # a topic this probable may be proposed
PART_ANSWER = 0.65  # a sentence of a message counts alone when this probable
MOST_PROPOSED = 3
UNFAMILIAR_SIMILARITY = 0.30  # nothing like it was ever seen:
UNFAMILIAR_WORDS = 0.50  # … and half of its words are unknown

# In a short message, what is being talked about, or was just offered, is likelier.
SHORT_WORDS = 11
SAME_SUBJECT = 5.0
OFFERED = 4.0
KIN = 2.0
# A price or a delay asked in so many words, unless the topic is clear.
UNSAID = 6.0
UNSAID_AT_LEAST = 0.15
CLEARLY_COVERED = 0.80
