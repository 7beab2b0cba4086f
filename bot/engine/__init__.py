"""What runs inside Rasa's process besides the pipeline: its channel, its tracker store, its start."""
