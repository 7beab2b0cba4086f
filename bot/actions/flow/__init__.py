"""Carrying a démarche through: one engine for every sheet that has a flow."""
