"""Address of the sign-in in version 0.1, which scripts import from here."""

from bentley_nb.notebook.sign_in.login import login
from bentley_nb.notebook.sign_in.signing_in import Addresses

__all__ = ["Addresses", "login"]
