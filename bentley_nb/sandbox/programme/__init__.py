"""The made-up building that the sandbox serves."""
