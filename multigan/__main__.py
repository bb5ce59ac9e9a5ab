"""`python -m multigan` is `multigan`; torchrun starts it so."""

from multigan.cli import main

if __name__ == "__main__":
    main()
