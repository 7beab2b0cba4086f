"""Our components of Rasa's pipeline. They run on the engine's Python and import nothing else of ours."""
