"""HTTP: sessions, retries, and the rate limiter."""
