"""Address of ``SignInForm`` in version 0.1, which scripts import from here."""

from bentley_nb.notebook.sign_in.form import SignInForm

__all__ = ["SignInForm"]
