"""Release assets, pinned: emit.toml, the forges, emit.lock."""
