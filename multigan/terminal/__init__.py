"""What a terminal is told, and what becomes of it where nobody listens."""
