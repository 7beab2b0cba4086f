"""The training of the French sentence encoder: on its own Python 3.12 environment (README.md)."""
