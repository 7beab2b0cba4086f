"""Train the model: Rasa's training, quiet. ``python -m bot.engine.train MODEL_PATH [DATA]``.

Rasa warns once for every example of a retrieval intent that no response selector will use; those
intents only name a question's type and subject here, and the warnings cost more than reading.
"""

import logging
import sys
import warnings
from pathlib import Path


def main() -> None:
    target = Path(sys.argv[1])
    data = sys.argv[2] if len(sys.argv) > 2 else "bot/data"
    warnings.simplefilter("ignore")
    import rasa.shared.utils.io
    from rasa.engine.training.hooks import TrainingHook
    from rasa.model_training import train
    from rasa.utils.log_utils import configure_structlog

    from bot.engine import light_spacy

    light_spacy.use()
    configure_structlog(logging.WARNING)
    rasa.shared.utils.io.raise_warning = lambda *_, **__: None
    # Every output is hashed, token by token, for a cache of partial trainings: none is ever read.
    TrainingHook.on_after_node = lambda *_, **__: None
    train(
        domain="domain.yml",
        config="config.yml",
        training_files=[data],
        output=str(target.parent),
        force_training=True,
        fixed_model_name=target.name.replace(".tar.gz", ""),
    )


if __name__ == "__main__":
    main()
