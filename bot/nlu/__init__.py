"""Our components of Rasa's pipeline: on the engine's Python, importing nothing else of ours."""
