"""The web channel: the public API, and the page that speaks with it."""
