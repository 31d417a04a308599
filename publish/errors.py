"""The one error that publishing raises: a sentence for the person who ran the build."""


class PublishingError(Exception):
    """Publishing stopped; what was published before is as it was.

    The message is one plain sentence or two: what stopped it, and what to do.
    """
