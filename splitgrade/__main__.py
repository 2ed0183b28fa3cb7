"""``python -m splitgrade`` is the ``splitgrade`` command."""

from splitgrade.commands.main import main

if __name__ == "__main__":
    main()
