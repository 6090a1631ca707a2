"""Signing in by a form or at a prompt."""
