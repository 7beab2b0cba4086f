"""Measurements: answers on the held-apart set, latency, load."""
