"""The channels by which people reach the guide, and the conversations that they share."""
