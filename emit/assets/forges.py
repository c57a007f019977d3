"""GitHub, GitLab, Gitea, one URL, a page of links: five ways to find the same thing."""

import os
import re
import threading
from collections.abc import Sequence
from html import unescape
from urllib.parse import quote, unquote, urljoin, urlsplit

from emit.assets.forge import (
    Forge,
    Found,
    Release,
    by_version,
    is_prerelease,
    items,
    member,
    moment,
    pick,
    text,
)
from emit.assets.http import Http, LimitError, MissingError, api_of, token_for
from emit.assets.spec import Asset, Source, fill
from emit.errors import ForgeError

_HREF = re.compile(r"""<a\s[^>]*?href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", re.IGNORECASE)
_SHA256 = re.compile(r"sha256:([0-9a-f]{64})")


def open_forge(source: Source, http: Http) -> Forge:
    """Return the forge of a source."""
    kinds: dict[str, type[_Project]] = {"github": GitHub, "gitlab": GitLab, "gitea": Gitea}
    if source.kind in kinds:
        return kinds[source.kind](source, http)
    return Address(source) if source.kind == "url" else Index(source, http)


class _Project:
    """A project on a forge with releases: each release is asked for once."""

    _by_tag = "tags/"
    _latest = "latest"

    def __init__(self, source: Source, http: Http) -> None:
        self.source = source
        self.http = http
        self.api = api_of(source.kind, source.server)
        self.token, self.variable = token_for(source.kind, source.server, os.environ)
        self._known: dict[str, Release] = {}
        self._lock = threading.Lock()

    def ask(self, path: str) -> object:
        """Return what the API answers, as who the token is."""
        return self.http.json(self.api + path, token=self.token, variable=self.variable)

    def find(self, asset: Asset, platform: str) -> Found:
        """Return the file of the release that the pattern means."""
        with self._lock:
            if asset.version not in self._known:
                self._known[asset.version] = self._release(asset.version)
        where = f"{self.source} @ {asset.version}"
        return pick(self._known[asset.version].files, asset.pattern(platform), where)

    def _release(self, tag: str) -> Release:
        try:
            return self.release(tag)
        except MissingError as error:
            tags = [release.tag for release in self._some_releases()]
            has = f"it has {', '.join(tags[:6])}" if tags else str(error)
            raise ForgeError(f"{self.source} has no release {tag}: {has}") from error

    def _some_releases(self) -> Sequence[Release]:
        try:
            return self.releases()
        except ForgeError:  # the first error says more
            return ()

    def release(self, tag: str) -> Release:
        """Return one release with its files."""
        return self._read(self.ask(f"{self._path}/{self._by_tag}{quote(tag, safe='')}"))

    def releases(self) -> Sequence[Release]:
        """Return the newest hundred, drafts left out."""
        answer = items(self.ask(f"{self._path}?per_page=100&limit=50"))
        drafts = [isinstance(each, dict) and each.get("draft") is True for each in answer]
        return [self._read(each) for each, draft in zip(answer, drafts, strict=True) if not draft]

    def latest(self) -> str:
        """Return the tag of what the API calls the latest."""
        return text(self.ask(f"{self._path}/{self._latest}"), "tag_name")

    @property
    def _path(self) -> str:
        return f"/repos/{self.source.where}/releases"

    def _read(self, data: object) -> Release:
        """Read a release in GitHub's shape, which is Gitea's too."""
        return Release(
            tag=text(data, "tag_name"),
            published=moment(text(data, "published_at")),
            prerelease=isinstance(data, dict) and data.get("prerelease") is True,
            files=tuple(map(self._file, items(data, "assets"))),
        )

    def _file(self, data: object) -> Found:
        size = member(data, "size", int)
        digest = _SHA256.fullmatch(text(data, "digest"))
        url = text(data, "browser_download_url")
        return Found(
            name=text(data, "name"),
            url=url,
            size=size if isinstance(size, int) else -1,
            sha256=digest[1] if digest else "",
            private=url if self.source.kind == "gitea" else text(data, "url"),
        )


class Gitea(_Project):
    """https://docs.gitea.com/api/ and Forgejo."""


class GitHub(_Project):
    """https://docs.github.com/en/rest/releases; `server`/api/v3 on an Enterprise Server."""

    def find(self, asset: Asset, platform: str) -> Found:
        """Ask the API, or, where it answers no more, guess the public URL of a plain name."""
        try:
            return super().find(asset, platform)
        except LimitError:
            name = asset.pattern(platform)
            if asset.secret or re.search(r"[*?[]", name):
                raise
            tag = quote(asset.version, safe="")
            base = f"{self.source.server}/{self.source.where}/releases/download"
            return Found(name=name, url=f"{base}/{tag}/{quote(name)}")

    def latest(self) -> str:
        """Follow the redirect of releases/latest: it costs no API request."""
        url = f"{self.source.server}/{self.source.where}/releases/latest"
        try:
            _, found, tag = self.http.location(url).rpartition("/releases/tag/")
        except MissingError as error:
            raise ForgeError(f"there is no {self.source}, or it is private") from error
        if not found:
            raise ForgeError(f"{self.source} has no release that it calls its latest")
        return unquote(tag)


class GitLab(_Project):
    """https://docs.gitlab.com/api/releases/: files are links, which have no size or digest."""

    _by_tag = ""
    _latest = "permalink/latest"

    @property
    def _path(self) -> str:
        return f"/projects/{quote(self.source.where, safe='')}/releases"

    def _read(self, data: object) -> Release:
        links = items(member(data, "assets", dict), "links")
        return Release(
            tag=text(data, "tag_name"),
            published=moment(text(data, "released_at")),
            prerelease=isinstance(data, dict) and data.get("upcoming_release") is True,
            files=tuple(map(self._file, links)),
        )

    def _file(self, data: object) -> Found:
        url = text(data, "direct_asset_url") or text(data, "url")
        return Found(name=text(data, "name"), url=url, private=url)


class Address:
    """One URL, with the version and the platform in it; nobody lists what else there is."""

    def __init__(self, source: Source) -> None:
        """Take a source of the kind `url`."""
        self.source = source

    def find(self, asset: Asset, platform: str) -> Found:
        """Fill the placeholders of the URL."""
        name = asset.pattern(platform)
        url = fill(self.source.where, asset.values(platform) | {"file": name})
        return Found(name=urlsplit(url).path.rpartition("/")[2] or name, url=url)

    def latest(self) -> str:
        """Raise ForgeError."""
        raise ForgeError(f"{self.source} does not tell its versions: set it by hand")

    def releases(self) -> Sequence[Release]:
        """Raise ForgeError."""
        raise ForgeError(f"{self.source} does not tell its versions: set it by hand")


class Index:
    """A page of links, such as nginx and Apache make of a folder."""

    def __init__(self, source: Source, http: Http) -> None:
        """Take a source of the kind `index`."""
        self.source = source
        self.http = http

    def find(self, asset: Asset, platform: str) -> Found:
        """Return the link whose last part matches."""
        url = fill(self.source.where, asset.values(platform))
        links = {name: Found(name=name, url=link) for name, link in self._links(url)}
        return pick(links.values(), asset.pattern(platform), url)

    def latest(self) -> str:
        """Return the highest version that is no prerelease, if there is one."""
        tags = [release.tag for release in self.releases()]
        return max([tag for tag in tags if not is_prerelease(tag)] or tags, key=by_version)

    def releases(self) -> Sequence[Release]:
        """Read the folder above the one that is named by the version."""
        mark = re.search(r"\{(tag|version)\}", self.source.where)
        if mark is None:
            raise ForgeError(f"{self.source}: its URL has no {{version}}: set the version by hand")
        folder, _, prefix = self.source.where[: mark.start()].rpartition("/")
        suffix = self.source.where[mark.end() :].partition("/")[0]
        tags = [
            name[len(prefix) : len(name) - len(suffix)]
            for name, _ in self._links(folder + "/")
            if name.startswith(prefix) and name.endswith(suffix) and re.search(r"\d", name)
        ]
        if not tags:
            raise ForgeError(f"{folder}/ has no folder that is named by a version")
        return [Release(tag=tag) for tag in sorted(tags, key=by_version, reverse=True)]

    def _links(self, url: str) -> list[tuple[str, str]]:
        """Return the last part and the URL of every link on the page."""
        page, base = self.http.page(url)
        hrefs = [unescape("".join(found)) for found in _HREF.findall(page)]
        links = [urljoin(base, href) for href in hrefs]
        names = [unquote(urlsplit(link).path.rstrip("/").rpartition("/")[2]) for link in links]
        return [(name, link) for name, link in zip(names, links, strict=True) if name]


def newest_release(source: Source) -> Release:
    """Return what a project calls its latest release, with its files."""
    http = Http()
    try:
        forge = open_forge(source, http)
        assert isinstance(forge, _Project)  # noqa: S101 - the kinds that parse_project gives
        return forge.release(forge.latest())
    finally:
        http.close()
