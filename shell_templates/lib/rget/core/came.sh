came() { size "$part"; } # prints the part's bytes, with the seed
