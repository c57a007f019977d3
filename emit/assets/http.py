"""The one HTTP client: what it asks, whom it shows a token, and what it says of a refusal."""

import os
import re
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx

from emit import __version__
from emit.assets.spec import SERVERS
from emit.errors import ForgeError

#: Whose token each variable holds: that of the server in the second, else the public one.
_TOKENS = {
    "github": (("GITHUB_TOKEN", "GH_TOKEN"), "GITHUB_SERVER_URL"),
    "gitlab": (("GITLAB_TOKEN",), "CI_SERVER_URL"),
    "gitea": (("GITEA_TOKEN",), "GITEA_SERVER_URL"),
}
_TRIES = 4
_PATIENCE = 8  # seconds: a server that wants more of a pause than this gets an error instead
_LIMITED = (403, 429)
_AGAIN = (408, 425, 429, 500, 502, 503, 504)


class MissingError(ForgeError):
    """The server says 404 or 410."""


class LimitError(ForgeError):
    """The server answers no more requests for now."""


def api_of(kind: str, server: str) -> str:
    """Return where the API of a server is."""
    if kind == "github":
        return "https://api.github.com" if server == SERVERS["github"] else f"{server}/api/v3"
    return f"{server}/api/{'v4' if kind == 'gitlab' else 'v1'}"


def token_for(kind: str, server: str, environ: Mapping[str, str]) -> tuple[str, str]:
    """Return the token that is meant for this server, and the variable it is in or would be.

    GITHUB_TOKEN and its like are for one server: the public one, or the one that the CI system
    names. For any other there is EMIT_TOKEN_<HOST>. No token goes over plain http.
    """
    names, variable = _TOKENS[kind]
    home = environ.get(variable, "").rstrip("/") or SERVERS[kind]
    if server != home:
        host = urlsplit(server).netloc
        names = ("EMIT_TOKEN_" + re.sub(r"[^A-Za-z0-9]", "_", host).upper(),)
    if not server.startswith("https://"):
        return "", names[0]
    return next(((environ[name], name) for name in names if environ.get(name)), ("", names[0]))


class Http:
    """A connection pool for one run; every method raises ForgeError."""

    def __init__(self) -> None:
        """Trust what httpx trusts, or the authorities in the file that SSL_CERT_FILE names."""
        authorities = os.environ.get("SSL_CERT_FILE")
        self._client = httpx.Client(
            follow_redirects=True,
            headers={"User-Agent": f"emit/{__version__}"},
            timeout=httpx.Timeout(30, connect=15),
            verify=ssl.create_default_context(cafile=authorities) if authorities else True,
        )

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def json(self, url: str, *, token: str = "", variable: str = "") -> object:
        """Return what the API at URL answers."""
        headers = {"Accept": "application/json"} | _authorization(token)
        with self.get(url, headers=headers, variable=variable) as response:
            try:
                response.read()
                data: object = response.json()
            except (ValueError, httpx.HTTPError) as error:
                raise ForgeError(f"{url} answers no JSON: {error}") from error
            return data

    def page(self, url: str) -> tuple[str, str]:
        """Return a page, and its URL after all redirects."""
        with self.get(url) as response:
            try:
                return response.read().decode(errors="replace"), str(response.url)
            except httpx.HTTPError as error:
                raise ForgeError(_unreachable(url, error)) from error

    def location(self, url: str) -> str:
        """Return where URL redirects to, without going there; empty where it does not."""
        try:
            response = self._client.get(url, follow_redirects=False)
        except httpx.HTTPError as error:
            raise ForgeError(_unreachable(url, error)) from error
        if response.status_code >= httpx.codes.BAD_REQUEST:
            raise _refused(response, url, "")
        return str(response.headers.get("location", ""))

    @contextmanager
    def get(
        self, url: str, *, headers: Mapping[str, str] | None = None, variable: str = ""
    ) -> Iterator[httpx.Response]:
        """Yield the answer to a GET, its body still to come; asks again after a bad moment.

        httpx drops the Authorization header where a redirect leads to another origin.
        """
        response = self._answer(url, dict(headers or {}), variable)
        try:
            yield response
        finally:
            response.close()

    def _answer(self, url: str, headers: dict[str, str], variable: str) -> httpx.Response:
        for left in reversed(range(_TRIES)):
            pause = 2.0 ** (_TRIES - 1 - left) / 2
            try:
                request = self._client.build_request("GET", url, headers=headers)
                response = self._client.send(request, stream=True)
                if response.is_success:
                    return response
                pause = max(pause, _retry_after(response))
                if response.status_code not in _AGAIN or not left or pause > _PATIENCE:
                    raise _refused(response, url, variable)
                response.close()
            except httpx.InvalidURL as error:
                raise ForgeError(f"{url} is no URL: {error}") from error
            except httpx.HTTPError as error:
                moment = isinstance(error, httpx.TransportError) and "CERTIFICATE" not in str(error)
                if not left or not moment:
                    raise ForgeError(_unreachable(url, error)) from error
            time.sleep(pause)
        raise AssertionError  # the last try returns or raises


def _authorization(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def with_token(token: str) -> dict[str, str]:
    """Return the headers that ask an API for a file itself, as who the token is."""
    return {"Accept": "application/octet-stream"} | _authorization(token)


def _retry_after(response: httpx.Response) -> float:
    value = response.headers.get("retry-after", "")
    if value.isdigit():
        return float(value)
    try:
        return (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
    except (TypeError, ValueError):
        return 0


def _refused(response: httpx.Response, url: str, variable: str) -> ForgeError:
    """Return the error that says what the server's status means and what to do."""
    response.close()
    status, host = response.status_code, response.url.host
    said = f"{host} says {status} to {_plain(url)}"
    if status in (404, 410):
        return MissingError(f"{said}: there is no such thing, or it is private{_set(variable)}")
    if status in _LIMITED and _exhausted(response):
        return LimitError(f"{host} answers no more requests {_until(response)}{_set(variable)}")
    if status in (401, 403):
        return ForgeError(f"{said}: not allowed{_set(variable)}")
    return ForgeError(f"{said}: {response.reason_phrase or 'no reason given'}; try again later")


def _set(variable: str) -> str:
    if not variable:
        return ""
    return f"; {'check' if os.environ.get(variable) else 'set'} {variable}"


def _exhausted(response: httpx.Response) -> bool:
    """Tell a rate limit from a refusal: https://docs.github.com/rest/using-the-rest-api."""
    headers = response.headers
    none_left = "0" in (headers.get("x-ratelimit-remaining"), headers.get("ratelimit-remaining"))
    return none_left or "retry-after" in headers or response.status_code == 429  # noqa: PLR2004


def _until(response: httpx.Response) -> str:
    reset = response.headers.get("x-ratelimit-reset") or response.headers.get("ratelimit-reset", "")
    if reset.isdigit():
        return f"until {datetime.fromtimestamp(int(reset), UTC):%H:%M} UTC"
    after = response.headers.get("retry-after", "")
    return f"for {after} s" if after.isdigit() else "for now"


def _unreachable(url: str, error: Exception) -> str:
    reason = re.sub(r"^\[Errno -?\d+\] ", "", str(error)) or type(error).__name__
    cure = "; name its authority in SSL_CERT_FILE" if "CERTIFICATE" in reason else ""
    return f"cannot read {_plain(url)}: {reason}{cure}"


def _plain(url: str) -> str:
    """Return a URL without its query, which may hold a signature."""
    return url.partition("?")[0]
