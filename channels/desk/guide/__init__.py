"""Making the guide better: what it failed to answer, and reviewed proposals that change that."""
