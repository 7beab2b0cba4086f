"""The bot: Rasa's data, our components of its pipeline, its engine, and the custom actions."""
