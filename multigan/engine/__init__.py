"""The engine: it alternates turns over phases and knows nothing of pictures, words or sounds."""
