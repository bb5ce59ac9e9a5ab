"""What is written while a run trains."""
