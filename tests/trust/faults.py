"""What the service, the token endpoint and the list of projects may do wrong, and what comes of it: one table.

``python -m tests.trust.faults`` prints it as Markdown.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass

from tests.scripted import Reply

HTML = b"<html><head><title>Blocked</title></head></html>"
ERROR = {"error": {"code": "Unexpected", "message": "Something went wrong."}}


@dataclass(frozen=True)
class Fault:
    """One fault.

    Attributes
    ----------
    name
        What goes wrong.
    reply
        The answer, given for ever.
    read, token
        Name of the error where a table (or the projects) is read, and where a token is asked for.
    requests
        How often a read asks before it gives up.
    """

    name: str
    reply: Reply
    read: str
    token: str
    requests: int = 1


FAULTS = [
    Fault("400", Reply(400, ERROR), "InvalidRequest", "CredentialsRejected"),
    Fault("400 of a proxy", Reply(400, HTML), "InvalidResponse", "CredentialsRejected"),
    Fault("401", Reply(401, ERROR), "AccessDenied", "CredentialsRejected", 2),
    Fault("403 of the service", Reply(403, ERROR), "AccessDenied", "CredentialsRejected"),
    Fault("403 of a proxy", Reply(403, HTML), "AccessDenied", "CredentialsRejected"),
    Fault("404", Reply(404, ERROR), "NotFound", "InvalidResponse"),
    Fault("404 of a proxy", Reply(404, HTML), "InvalidResponse", "InvalidResponse"),
    Fault("407 of a proxy", Reply(407, HTML), "ServiceUnavailable", "ServiceUnavailable"),
    Fault("408", Reply(408, b""), "ServiceUnavailable", "ServiceUnavailable", 6),
    Fault("429", Reply(429, b"", {"Retry-After": "0"}), "RateLimited", "RateLimited", 6),
    Fault("500", Reply(500, ERROR), "ServiceUnavailable", "ServiceUnavailable", 6),
    Fault("502", Reply(502, HTML), "ServiceUnavailable", "ServiceUnavailable", 6),
    Fault("503", Reply(503, b""), "ServiceUnavailable", "ServiceUnavailable", 6),
    Fault("206", Reply(206, {"tasks": []}), "InvalidResponse", "InvalidResponse"),
    Fault("304", Reply(304, b""), "InvalidResponse", "InvalidResponse"),
    Fault(
        "redirect elsewhere", Reply(302, b"", {"Location": "https://other.test/"}), "InvalidResponse", "InvalidResponse"
    ),
    Fault("empty body", Reply(200, b""), "InvalidResponse", "InvalidResponse"),
    Fault("HTML with 200", Reply(200, HTML), "InvalidResponse", "InvalidResponse"),
    Fault("JSON that is no object", Reply(200, b"[1]"), "InvalidResponse", "InvalidResponse"),
    Fault("JSON nested without end", Reply(200, b"[" * 9999), "InvalidResponse", "InvalidResponse"),
    Fault("body cut off", Reply(200, b"{" * 99, cut_after=5), "ServiceUnavailable", "ServiceUnavailable", 6),
    Fault(
        "chunk of -5 bytes",
        Reply(200, b"-5\r\n{}\r\n", {"Transfer-Encoding": "chunked"}),
        "ServiceUnavailable",
        "ServiceUnavailable",
        6,
    ),
    Fault(
        "not gzip", Reply(200, b"plain", {"Content-Encoding": "gzip"}), "ServiceUnavailable", "ServiceUnavailable", 6
    ),
    Fault(
        "gzip bomb",
        Reply(200, gzip.compress(b" " * (3 << 20)), {"Content-Encoding": "gzip"}),
        "InvalidResponse",
        "InvalidResponse",
    ),
]


def markdown() -> str:
    """Return the table for the documentation."""
    rows = [("Fault", "Reading", "Asking for a token", "Attempts of a read")]
    rows += [(fault.name, fault.read, fault.token, str(fault.requests)) for fault in FAULTS]
    head, *body = ("| " + " | ".join(row) + " |" for row in rows)
    return "\n".join([head, "|" + "---|" * 4, *body])


if __name__ == "__main__":
    print(markdown())
