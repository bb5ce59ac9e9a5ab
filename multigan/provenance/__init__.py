"""What an output says of itself."""
