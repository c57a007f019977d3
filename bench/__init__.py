"""Scripts that measure: each prints the tables of one page in docs/."""
