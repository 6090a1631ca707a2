"""The magics: their grammar, what they do, and completion."""
