"""`python -m emit`: the command from a bare checkout."""

from emit.cli import main

main()
