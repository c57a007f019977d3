"""A forge that answers like the real ones: GitHub, GitLab, Gitea, and a folder of files.

Shapes are those of https://docs.github.com/en/rest/releases, of
https://docs.gitlab.com/api/releases/ and of https://docs.gitea.com/api/. A download is a
302 to a signed URL on another host (a port), which refuses HEAD and a second credential
and expires, as GitHub's storage does.
"""

from __future__ import annotations

import asyncio
import hashlib
import ssl
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import trustme
from aiohttp import web

from emit.selftest.server import Server, visiting

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from emit.selftest.journal import Site
    from emit.selftest.visit import Visit

    Behaviour = Callable[[Visit], Awaitable[web.StreamResponse]]

RESET = 2_000_000_000  # when the rate limit ends: 2033-05-18 03:33 UTC
REPO = "/{owner}/{repo}"
ROUTES: list[tuple[str, Behaviour]] = []
SHELVES: dict[str, Shelf] = {}  # by the name of their site


def on(*patterns: str) -> Callable[[Behaviour], Behaviour]:
    """Register the decorated behaviour for `patterns`, below a site's name."""

    def register(behave: Behaviour) -> Behaviour:
        ROUTES.extend((pattern, behave) for pattern in patterns)
        return behave

    return register


@dataclass(slots=True)
class Release:
    """One release of a project."""

    files: dict[str, bytes]
    published: str = "2024-01-02T03:04:05Z"
    prerelease: bool = False
    draft: bool = False


@dataclass(slots=True, kw_only=True)
class Shelf:
    """What one site's forge holds, and how it behaves."""

    site: Site
    plain: int
    projects: dict[str, dict[str, Release]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    digests: bool = True
    limited: bool = False
    token: str = ""  # what its API and its downloads want
    ttl: float = 60  # seconds a signed URL lives
    ranges: bool = True
    damaged: dict[int, int] = field(default_factory=dict)  # range start -> how often it is bad
    cut: int = 0  # how many of the next answers end early
    down: int = 0  # how many of the next downloads get a 503
    slow: float = 0  # seconds a download is thought about
    hang: set[int] = field(default_factory=set)  # range starts that are never answered

    @property
    def server(self) -> str:
        """The forge's URL, as emit.toml names it."""
        return self.site.url("")

    def unencrypted(self, path: str) -> str:
        """Return the URL of a file for who knows neither our authority nor our names."""
        return f"http://127.0.0.1:{self.plain}/{self.site.name}{path}"

    def add(self, project: str, tag: str, files: dict[str, bytes], **about: object) -> None:
        """Publish a release, the newest of the project; or again, with other files."""
        release = Release(files, **about)  # type: ignore[arg-type]
        self.projects.setdefault(project, {}).pop(tag, None)
        self.projects[project][tag] = release


class ForgeServer(Server):
    """The server over TLS; start it with `with`, then ask it for shelves."""

    def __init__(self, folder: Path) -> None:
        """Write the authority to trust into FOLDER as ca.pem."""
        authority = trustme.CA()
        self.authority = folder / "ca.pem"
        authority.cert_pem.write_to_path(self.authority)
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("localhost").configure_cert(tls)
        super().__init__(routes, tls)
        self.plain = Server(lambda _: routes(self))

    def shelf(self) -> Shelf:
        """Return an empty forge."""
        site = self.site()
        shelf = Shelf(site=site, plain=self.plain.site().ports[0])
        SHELVES[site.name] = shelf
        return shelf

    def __enter__(self) -> Self:
        super().__enter__()
        self.plain.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self.plain.__exit__(None, None, None)
        super().__exit__(None, None, None)


def routes(server: Server) -> list[web.RouteDef]:
    """Return every route, bound to `server`."""
    return [
        web.route("*", "/{site}" + pattern, visiting(server, behave)) for pattern, behave in ROUTES
    ]


def shelf_of(visit: Visit) -> Shelf:
    """Return the shelf of the site that is visited."""
    return SHELVES[visit.site.name]


async def _json(
    visit: Visit, data: object, status: int = 200, headers: dict[str, str] | None = None
) -> web.StreamResponse:
    content = web.json_response(data).body
    assert isinstance(content, bytes)
    return await visit.answer(
        content, status=status, headers={"Content-Type": "application/json"} | (headers or {})
    )


def _part(visit: Visit, name: str) -> str:
    return visit.request.match_info[name]


def _project(visit: Visit) -> dict[str, Release] | None:
    return shelf_of(visit).projects.get(f"{_part(visit, 'owner')}/{_part(visit, 'repo')}")


def _allowed(visit: Visit) -> bool:
    token = shelf_of(visit).token
    return not token or visit.request.headers.get("Authorization") == f"Bearer {token}"


def _missing(visit: Visit) -> Awaitable[web.StreamResponse]:
    return _json(visit, {"message": "Not Found", "status": "404"}, 404)


def _api(behave: Behaviour) -> Behaviour:
    """Answer as an API does before it looks: the rate limit, and 404 to a stranger."""

    async def guarded(visit: Visit) -> web.StreamResponse:
        if shelf_of(visit).limited:
            headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(RESET)}
            return await _json(visit, {"message": "API rate limit exceeded"}, 403, headers)
        if not _allowed(visit):
            return await _missing(visit)
        return await behave(visit)

    return guarded


def _of_github(visit: Visit, tag: str, release: Release) -> dict[str, object]:
    """Return a release as GitHub and Gitea write it."""
    shelf, path = shelf_of(visit), f"{_part(visit, 'owner')}/{_part(visit, 'repo')}"
    github = "/api/v3/" in visit.request.path
    assets = []
    for name, content in release.files.items():
        api = f"{shelf.server}/api/v3/repos/{path}/releases/assets/{tag}:{name}"
        asset: dict[str, object] = {
            "name": name,
            "size": len(content),
            "browser_download_url": f"{shelf.server}/{path}/releases/download/{tag}/{name}",
        }
        if github:
            digest = hashlib.sha256(content).hexdigest()
            asset |= {"url": api, "digest": f"sha256:{digest}" if shelf.digests else None}
        assets.append(asset)
    return {
        "tag_name": tag,
        "draft": release.draft,
        "prerelease": release.prerelease,
        "published_at": release.published,
        "assets": assets,
    }


@on(
    f"/api/v3/repos{REPO}/releases",
    f"/api/v3/repos{REPO}/releases/tags/{{tag}}",
    f"/api/v1/repos{REPO}/releases",
    f"/api/v1/repos{REPO}/releases/tags/{{tag}}",
    f"/api/v1/repos{REPO}/releases/{{latest:latest}}",
)
@_api
async def github_like(visit: Visit) -> web.StreamResponse:
    """Answer with one release, the latest, or all."""
    project = _project(visit)
    tag = visit.request.match_info.get("tag", "")
    if project and "latest" in visit.request.match_info:
        tag = [tag for tag, release in project.items() if not release.prerelease][-1]
    if not project or (tag and tag not in project):
        return await _missing(visit)
    all_of_it = [_of_github(visit, tag, each) for tag, each in reversed(project.items())]
    return await _json(visit, _of_github(visit, tag, project[tag]) if tag else all_of_it)


@on("/api/v4/projects/{id}/releases", "/api/v4/projects/{id}/releases/{tag}")
@_api
async def gitlab(visit: Visit) -> web.StreamResponse:
    """Answer as GitLab does: the project's path in one part, the files as links."""
    path = visit.request.match_info["id"]
    project, tag = shelf_of(visit).projects.get(path), visit.request.match_info.get("tag", "")
    if not project or (tag and tag not in project):
        return await _missing(visit)
    return await _json(
        visit,
        _of_gitlab(visit, path, tag, project[tag])
        if tag
        else [_of_gitlab(visit, path, tag, each) for tag, each in reversed(project.items())],
    )


@on("/api/v4/projects/{id}/releases/permalink/latest")
@_api
async def gitlab_latest(visit: Visit) -> web.StreamResponse:
    """Redirect, as GitLab does."""
    path = visit.request.match_info["id"]
    tag = [*shelf_of(visit).projects[path]][-1]
    location = visit.request.path.replace("permalink/latest", tag).replace(path, path)
    location = location.replace(path, path.replace("/", "%2F"))
    return await visit.answer(status=302, headers={"Location": location})


def _of_gitlab(visit: Visit, path: str, tag: str, release: Release) -> dict[str, object]:
    base = f"{shelf_of(visit).server}/{path}/-/releases/{tag}/downloads"
    links = [
        {"name": name, "url": f"{base}/{name}", "direct_asset_url": f"{base}/{name}"}
        for name in release.files
    ]
    return {
        "tag_name": tag,
        "released_at": release.published,
        "upcoming_release": release.prerelease,
        "assets": {"count": len(links), "links": links},
    }


@on(f"{REPO}/releases/latest")
async def latest(visit: Visit) -> web.StreamResponse:
    """Redirect to the newest release's page, without any API."""
    project = _project(visit)
    if not project or not _allowed(visit):
        return await _missing(visit)
    tag = [tag for tag, release in project.items() if not release.prerelease][-1]
    path = f"{_part(visit, 'owner')}/{_part(visit, 'repo')}/releases/tag/{tag}"
    return await visit.answer(status=302, headers={"Location": f"{shelf_of(visit).server}/{path}"})


@on(
    f"{REPO}/releases/download/{{tag}}/{{file}}",
    f"/api/v3/repos{REPO}/releases/assets/{{tag}}:{{file}}",
)
async def download(visit: Visit) -> web.StreamResponse:
    """Redirect to a signed URL on another host."""
    shelf, project = shelf_of(visit), _project(visit)
    tag, file = _part(visit, "tag"), _part(visit, "file")
    if not _allowed(visit) or not project or tag not in project:
        return await _missing(visit)
    if file not in project[tag].files:
        return await _missing(visit)
    await asyncio.sleep(shelf.slow)
    if shelf.down:
        shelf.down -= 1
        return await visit.answer(b"brownout", status=503)
    path = f"{_part(visit, 'owner')}/{_part(visit, 'repo')}/{tag}/{file}"
    expires = f"{time.time() + shelf.ttl:.3f}"
    location = shelf.site.url(f"/storage/{path}?e={expires}&s={_sign(path, expires)}", other=True)
    return await visit.answer(status=302, headers={"Location": location})


@on("/storage" + REPO + "/{tag}/{file}")
async def storage(visit: Visit) -> web.StreamResponse:
    """Answer only a GET, only while the signature lives, and no second credential."""
    shelf, project, query = shelf_of(visit), _project(visit), visit.request.query
    if "Authorization" in visit.request.headers:
        return await visit.answer(b"InvalidAuthenticationInfo", status=400)
    path = visit.request.match_info
    signed = _sign(f"{path['owner']}/{path['repo']}/{path['tag']}/{path['file']}", query["e"])
    good = query["s"] == signed and time.time() < float(query["e"])
    if visit.request.method != "GET" or not good or not project:
        return await visit.answer(b"AuthenticationFailed", status=403)
    return await _send(visit, project[path["tag"]].files[path["file"]], shelf)


@on("/{owner}/{repo}/-/releases/{tag}/downloads/{file}")
async def direct(visit: Visit) -> web.StreamResponse:
    """Answer with the file itself, to who is allowed to have it."""
    project = _project(visit)
    if not _allowed(visit) or not project:
        return await _missing(visit)
    return await _send(visit, project[_part(visit, "tag")].files[_part(visit, "file")])


@on("/files/{path:.*}")
async def plain(visit: Visit) -> web.StreamResponse:
    """Answer with a file, or with a page of links where the path ends in a slash."""
    shelf, path = shelf_of(visit), _part(visit, "path")
    if path in shelf.files:
        return await _send(visit, shelf.files[path], shelf)
    below = {name[len(path) :].partition("/") for name in shelf.files if name.startswith(path)}
    if not below or not (path.endswith("/") or not path):
        return await visit.answer(b"<h1>404 Not Found</h1>", status=404)
    links = "".join(f'<a href="{first}{slash}">{first}</a>\n' for first, slash, _ in sorted(below))
    page = f'<html><h1>Index of /{path}</h1><pre><a href="../">../</a>\n{links}</pre></html>'
    return await visit.answer(page.encode(), headers={"Content-Type": "text/html"})


async def _send(visit: Visit, content: bytes, shelf: Shelf | None = None) -> web.StreamResponse:
    """Answer with the file, or a range of it, as well as the shelf lets it."""
    shelf = shelf or shelf_of(visit)
    if not shelf.ranges:
        return await visit.answer(content)
    start = visit.asked[0] if visit.asked else 0
    if start in shelf.hang:
        return await visit.hang()
    if shelf.damaged.get(start):
        shelf.damaged[start] -= 1
        content = content[:start] + bytes([content[start] ^ 1]) + content[start + 1 :]
    if shelf.cut:
        shelf.cut -= 1
        _, end = visit.span(len(content)) or (0, len(content))
        head = f"HTTP/1.1 {'206 Partial Content' if visit.asked else '200 OK'}\n"
        if visit.asked:
            head += f"Content-Range: bytes {start}-{end - 1}/{len(content)}\n"
        head += f"Content-Length: {end - start}\nConnection: close\n"
        visit.write(head, content[start : (start + end) // 2])
        return visit.close()
    return await visit.file(content)


def _sign(path: str, expires: str) -> str:
    return hashlib.sha256(f"{path}{expires}".encode()).hexdigest()[:16]
