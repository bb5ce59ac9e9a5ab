"""Publishing: a generator folder in hub layout with a model card, checked before it leaves the house."""
