"""Which assets have a newer version."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from emit.assets.forge import Release, is_prerelease, newest, prefix
from emit.assets.forges import open_forge
from emit.assets.http import Http
from emit.assets.spec import Asset
from emit.errors import EmitError


def newer_versions(
    assets: Iterable[Asset], *, min_age_days: int
) -> tuple[dict[str, str], list[str]]:
    """Return the newest version of each asset by its name, and what went wrong."""
    http = Http()
    found, errors = {}, []
    try:
        for asset in assets:
            try:
                found[asset.name] = _newest(asset, http, min_age_days)
            except EmitError as error:
                errors.append(f"{asset.place}: {error}")
    finally:
        http.close()
    return found, errors


def _newest(asset: Asset, http: Http, min_age_days: int) -> str:
    """Return the newest version; what the forge calls its latest will mostly do.

    GitHub tells that without its API. It does not for a project that releases several things,
    nor beside a prerelease, nor where an age is asked for.
    """
    if asset.source.kind == "url" and "{" not in asset.source.where:
        return asset.version
    forge = open_forge(asset.source, http)
    before = datetime.now(UTC) - timedelta(days=min_age_days) if min_age_days else None
    if before is None and not is_prerelease(asset.version):
        latest = forge.latest()
        if prefix(latest) == prefix(asset.version):
            return newest([Release(tag=latest)], asset.version, before=None)
    return newest(forge.releases(), asset.version, before=before)
