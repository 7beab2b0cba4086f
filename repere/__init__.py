"""Repère's own frame: settings, application factory, supervisor, command line."""
