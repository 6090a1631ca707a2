"""Credentials, the token and how it travels."""
