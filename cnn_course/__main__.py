"""``python -m cnn_course`` is the ``cnn-course`` command."""

from cnn_course.commands.main import main

if __name__ == "__main__":
    main()
