"""A misbehaving server, and whatever downloader you have, driven against it."""
