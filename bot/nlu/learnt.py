"""What our components of Rasa's pipeline share: a model learnt at training, kept in one file."""

from typing import Any, Dict, TypeVar

import joblib
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.training_data import TrainingData

Own = TypeVar("Own", bound="Learnt")


class Learnt(GraphComponent):
    """A component whose ``_model`` is None until it is trained or loaded."""

    FILE = "model.joblib"
    FINGERPRINT = "fingerprint.txt"

    def __init__(
        self, config: Dict[str, Any], storage: ModelStorage, resource: Resource, model: Any = None
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls: "type[Own]",
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Own:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls: "type[Own]",
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Own:
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, joblib.load(folder / cls.FILE))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def _kept(self, model: Any, fingerprint: str = "") -> Resource:
        """Keep what was learnt, and the hash of what it predicts if there is one."""
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(model, folder / self.FILE)
            if fingerprint:
                (folder / self.FINGERPRINT).write_text(fingerprint, encoding="ascii")
        return self._resource
