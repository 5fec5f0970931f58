"""What goes wrong, as one type."""

from __future__ import annotations


class DemurError(Exception):
    """A request that was refused, an answer that is none, or a server that is not there.

    Attributes:
        status: HTTP status, where a server answered.
        param: the field of the request it is about, where the server says so.
        code: the server's short name of the error, where it has one.
        retry_after: seconds after which another try makes sense, where the server says so.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        param: str | None = None,
        code: str | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.param = param
        self.code = code
        self.retry_after = retry_after
