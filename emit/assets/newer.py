"""Which assets have a newer version."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from emit.assets.forge import Release, newest
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
    """Return the newest version; without an age, what the forge calls its latest may do."""
    if asset.source.kind == "url" and "{" not in asset.source.where:
        return asset.version
    forge = open_forge(asset.source, http)
    if min_age_days:
        before = datetime.now(UTC) - timedelta(days=min_age_days)
        return newest(forge.releases(), asset.version, before=before)
    latest = newest([Release(tag=forge.latest())], asset.version, before=None)
    if latest != asset.version or asset.source.kind == "index":
        return latest
    return newest(forge.releases(), asset.version, before=None)
