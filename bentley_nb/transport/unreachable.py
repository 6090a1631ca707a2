"""Messages for connections that failed: the reason, and what to do about it."""

from __future__ import annotations

import re

import requests
import urllib3
from urllib3.exceptions import ConnectTimeoutError, LocationValueError, NewConnectionError

from bentley_nb.errors import BentleyError, InvalidResponse, ServiceUnavailable
from bentley_nb.transport.http import TIMES_THE_TIMEOUT, NotOurs, OverTime, TooLarge, cause_of, refused_by_proxy

PROXY_LOGIN = "Set HTTPS_PROXY=http://user:password@host:port, or ask whoever runs the proxy."

_MALFORMED = (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, LocationValueError)

_NOT_SENT = (
    NewConnectionError,
    ConnectTimeoutError,
    urllib3.exceptions.ProxyError,
    urllib3.exceptions.SSLError,
    requests.exceptions.ProxyError,
    requests.exceptions.SSLError,
)


def unreachable(error: Exception, what: str, correlation_id: str, *, where: str) -> BentleyError:
    """Return the error that says why no answer came.

    Parameters
    ----------
    error
        What requests or urllib3 raised.
    what
        Name of the server.
    correlation_id
        The id of the request.
    where
        What was asked for.
    """
    text = str(error)
    if (large := cause_of(error, TooLarge)) is not None:
        return InvalidResponse(
            f"The answer of {what} was not read to the end: {large}.",
            where=where,
            hint="Request smaller pages, connect(page_size=1000), or raise bentley_nb.options.largest_answer_mb. "
            "Otherwise the address may not be that of the service.",
            correlation_id=correlation_id,
        )
    if isinstance(error, requests.exceptions.ContentDecodingError):
        return ServiceUnavailable(
            f"The answer of {what} could not be unpacked ({text}).",
            where=where,
            hint="A proxy may have changed it on the way: try again; if it happens again, ask whoever runs the proxy.",
            correlation_id=correlation_id,
        )
    why, hint = _reason(error, text)
    # The id of a request that was never sent means nothing to support.
    never_left = cause_of(error, *_NOT_SENT) or isinstance(error, _MALFORMED) or "CA certificate bundle" in text
    sent = None if never_left else correlation_id
    return ServiceUnavailable(f"No answer from {what}: {why}.", where=where, hint=hint, correlation_id=sent)


def _reason(error: Exception, text: str) -> tuple[str, str]:
    """Return why, and what to do."""
    if (late := cause_of(error, OverTime)) is not None:
        return str(late), (
            f"The connection may be slow, or something on the way delays the answer. A complete answer may take "
            f"{TIMES_THE_TIMEOUT} times the read time-out: connect(timeout=(10, 180)), or connect(page_size=1000)."
        )
    if cause_of(error, NotOurs) is not None:
        return "it belongs to another request", "A proxy may mix up answers: try again, and ask whoever runs it."
    if refused := refused_by_proxy(error):
        if refused == 407:
            return "the proxy wants a user name and password (407)", PROXY_LOGIN
        return f"the proxy refuses to connect there ({refused})", (
            "Ask whoever runs the proxy to allow this host, or name it in NO_PROXY. The service was not reached."
        )
    if isinstance(error, requests.exceptions.ProxyError) or "ProxyError" in text:
        return "the proxy refused or cannot be reached", "Check HTTPS_PROXY and NO_PROXY."
    if "SOCKS" in text:
        return "a SOCKS proxy needs a package that is not installed", '%pip install "requests[socks]"'
    if isinstance(error, _MALFORMED) or "InvalidURL" in text:  # the name is in the text from http.client
        return "its address, or that of the proxy, is malformed", "Check HTTPS_PROXY, ALL_PROXY and the address."
    if "CERTIFICATE_VERIFY_FAILED" in text:
        reason = re.search(r"certificate verify failed: ([^(]+)", text)
        return "its certificate is not trusted" + (f" ({reason[1].strip(' .')})" if reason else ""), (
            "Where the company inspects traffic, set REQUESTS_CA_BUNDLE to the file with the company's certificate."
        )
    if "CA certificate bundle" in text or "NO_CERTIFICATE" in text:
        return "the file named by REQUESTS_CA_BUNDLE does not exist, or contains no certificate", (
            "Set it to a PEM file with the trusted certificates, or unset it."
        )
    if isinstance(error, requests.exceptions.SSLError) or "SSLError" in text:
        return "no secure connection could be made", (
            "The address or its port may not speak https, or a proxy intervenes: check HTTPS_PROXY and the address."
        )
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return "no connection in time", "Check the network, or allow more time: connect(timeout=(30, 120))."
    if isinstance(error, requests.exceptions.Timeout) or "Read timed out" in text:
        return "no answer in time", "Try again, or allow more time: connect(timeout=(10, 180))."
    if "NameResolution" in text or "getaddrinfo" in text:
        return "the host name cannot be resolved", "Check the network, the VPN and the address."
    return "the connection failed or was cut", "Check the network, then try again."
