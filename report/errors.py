"""What the command says when it cannot go on."""


class ReportError(Exception):
    """A reason for which no site can be made; its text is one sentence for the person at the terminal."""
