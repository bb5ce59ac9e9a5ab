"""What lies in a folder, looked at before a tensor exists."""
