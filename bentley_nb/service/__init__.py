"""The service: its two surfaces, its collections, and how pages come over the wire."""
