"""The phone channel: calls brought by a telephony platform, one neutral turn, thin adapters."""
