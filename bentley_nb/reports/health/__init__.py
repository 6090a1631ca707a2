"""The schedule health assessment: facts, checks and profiles."""
