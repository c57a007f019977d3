"""What is known to be waste by its place, and what may be a secret by its name. Pure."""

import functools
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Files in a folder that `folder` finds, or whose own name is one of `names`; the cure.

    A folder is searched from the root on, without a slash at its head and with one at its end.
    """

    name: str
    what: str
    folder: str = ""
    names: str = ""
    cure: str


def _cache(name: str, what: str, folder: str, target: str, flag: str = "") -> Rule:
    cure = f"RUN --mount=type=cache,target={target} in that step"
    return Rule(name=name, what=what, folder=folder, cure=f"{flag}, or {cure}" if flag else cure)


RULES = (
    _cache("apt_lists", "apt's package lists", r"^var/lib/apt/lists/", "/var/lib/apt/lists",
           "rm -rf /var/lib/apt/lists/* in the same RUN"),
    _cache("apt_cache", "apt's package cache", r"^var/cache/apt/", "/var/cache/apt",
           "apt-get clean in the same RUN"),
    _cache("apk_cache", "apk's package cache", r"^(?:var/cache/apk|etc/apk/cache)/",
           "/etc/apk/cache", "apk add --no-cache"),
    _cache("rpm_cache", "the package manager's cache",
           r"^var/cache/(?:dnf|yum|libdnf5|zypp|pacman/pkg)/", "/var/cache",
           "clean it in the same RUN (dnf clean all)"),
    _cache("pip_cache", "pip's cache", r"(?:^|/)\.cache/(?:pip|uv|pypoetry)/", "/root/.cache",
           "pip install --no-cache-dir"),
    _cache("npm_cache", "the npm, yarn or pnpm cache",
           r"(?:^|/)(?:\.npm/_cacache|\.yarn/cache|\.local/share/pnpm/store|"
           r"\.cache/(?:yarn|pnpm)|share/\.cache/yarn)/", "/root/.npm",
           "npm cache clean --force in the same RUN"),
    _cache("go_cache", "Go's module and build caches", r"(?:^|/)(?:\.cache/go-build|go/pkg/mod)/",
           "/go/pkg/mod", "build in a stage of its own and copy the program"),
    _cache("cargo_cache", "cargo's registry", r"(?:^|/)\.?cargo/(?:registry|git)/",
           "/usr/local/cargo/registry", "build in a stage of its own and copy the program"),
    _cache("maven_cache", "the Maven or Gradle cache",
           r"(?:^|/)\.(?:m2/repository|gradle/caches)/", "/root/.m2",
           "build in a stage of its own and copy the archive"),
    _cache("gem_cache", "gems as they were fetched", r"(?:^|/)(?:ruby|gems)/[\d.]+/cache/",
           "/usr/local/bundle/cache", "remove cache/*.gem in the same RUN"),
    Rule(name="git", what="a git repository", folder=r"(?:^|/)\.git/",
         cure="put .git into .dockerignore, or remove it in the RUN that clones"),
    Rule(name="bytecode", what="compiled Python", names=r".*\.pyc",
         cure="PYTHONDONTWRITEBYTECODE=1 and pip install --no-compile; costs start-up time"),
    Rule(name="docs", what="manuals and translations",
         folder=r"^usr/(?:local/)?share/(?:doc|man|info|gtk-doc|help|locale)/",
         cure="leave them out as packages are installed, or remove them in the same RUN"),
    Rule(name="headers", what="headers and static libraries",
         folder=r"^usr/(?:local/)?include/", names=r"lib.*\.a",
         cure="build in a stage of its own; the runtime stage needs no -dev packages"),
    Rule(name="tmp", what="temporary files", folder=r"^(?:var/)?tmp/",
         cure="remove them in the same RUN, or RUN --mount=type=tmpfs,target=/tmp"),
    Rule(name="logs", what="logs of the build", folder=r"^var/log/",
         cure="remove them in the same RUN"),
    Rule(name="core", what="core dumps", names=r"core\.\d+",
         cure="remove them, and find out what crashed"),
)  # fmt: skip

BY_NAME = {rule.name: rule for rule in RULES}
_FOLDERS = re.compile(
    "|".join(f"(?P<{rule.name}>{rule.folder})" for rule in RULES if rule.folder), re.DOTALL
)
_NAMES = re.compile(
    "|".join(f"(?P<{rule.name}>{rule.names})" for rule in RULES if rule.names), re.DOTALL
)
_SECRET = re.compile(
    r"id_(?:rsa|dsa|ecdsa|ed25519)|\.(?:npmrc|pypirc|netrc|git-credentials|vault-token|htpasswd|"
    r"terraformrc)|\.env(?:\.(?:local|prod|production))?|terraform\.tfstate|"
    r".+\.(?:pfx|p12|kdbx|jks)"
)
_SECRET_PATHS = ("/.aws/credentials", "/.docker/config.json", "/.kube/config")
_SECRET_ARG = re.compile(r"TOKEN|SECRET|PASSW|API_?KEY|PRIVATE_?KEY|CREDENTIAL", re.IGNORECASE)


def rule_of(path: str) -> str:
    """Return the name of the first rule that finds the path, an empty string for none."""
    head, _, name = path.rpartition("/")
    rule = _rule_of_folder(head)
    if rule:
        return rule
    found = _NAMES.fullmatch(name)
    return (found.lastgroup or "") if found else ""


@functools.lru_cache(maxsize=4096)  # files come folder by folder
def _rule_of_folder(folder: str) -> str:
    found = _FOLDERS.search(f"{folder}/")
    return (found.lastgroup or "") if found else ""


def is_secret(path: str) -> bool:
    """Tell a file that by its name holds keys or passwords; its content is never looked at."""
    return bool(_SECRET.fullmatch(path, path.rfind("/") + 1)) or f"/{path}".endswith(_SECRET_PATHS)


def is_secret_arg(name: str) -> bool:
    """Tell a build argument that by its name holds a secret; the history keeps its value."""
    return _SECRET_ARG.search(name) is not None
