"""One turn of a flow: what a message does to a dossier, and what is said back.

The dossier is saved as each answer is given, so that nothing hangs on the conversation; ``Flux``
only holds what the next message must be understood with.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from bot.actions import decision as decided
from bot.actions.context import Context
from bot.actions.flow import cards
from bot.actions.flow.acts import Act, act_of, bare, is_yes
from bot.actions.flow.answers import FREE_KINDS, Given, Unread, find_others, read, shown
from bot.actions.flow.corrections import field_named, is_corrective
from bot.actions.flow.flux import Flux
from bot.actions.flow.stages import Next, Stage, next_of
from bot.actions.heard import Heard
from bot.actions.messages import HUMAN, Message, decline, smalltalk, topic_choice
from bot.actions.speech import Speech, handoff
from channels_text import never  # placeholder
