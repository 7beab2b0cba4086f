"""What runs in Rasa's process besides the pipeline: channel, tracker store, start."""
