home() { url=$origin; } # where the next try starts
