"""A writer of texts from texts, and its judge, so small that tests train them in seconds."""

WRITER = ["G.net=seq2seq", "G.width=8", "G.layers=1", "G.heads=2", "G.hidden=8", "D.embed=4", "D.hidden=4"]
