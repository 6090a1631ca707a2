"""Address of the sign-in in version 0.1, which scripts import from here."""

from bentley_nb.notebook.sign_in.login import Addresses, login

__all__ = ["Addresses", "login"]
