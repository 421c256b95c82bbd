"""What can keep the stack from starting, each with one line that says what to do."""


class StackError(Exception):
    """A start that cannot go on; its text is one line for the person at the keyboard."""
