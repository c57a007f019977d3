"""What emit writes, run inside real Alpine containers."""
