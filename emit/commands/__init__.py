"""The commands of emit, one module a verb: options in, plan, text out, nothing decided here."""
