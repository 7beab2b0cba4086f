"""The desk: the agents' console, its pages and its API."""
