"""Every setting, read once from the environment and `.env` into one frozen dataclass.

What is in the environment wins over `.env`, an empty value counts as not given, and what is
given nowhere has the default of `.env.example`. Secrets given nowhere are made once and kept
in `DATA_DIR/secrets.env`.
"""

from __future__ import annotations

import fcntl
import io
import os
import re
import secrets as randomness
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from dotenv import dotenv_values
from dotenv.parser import parse_stream

from handoff import setting_values as values
from handoff.errors import SettingError

ROOT = Path(__file__).resolve().parent.parent
SECRETS_FILE = "secrets.env"
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")

Runtime = Literal["handoff", "bot", "actions", "demo"]
ALL: tuple[Runtime, ...] = ("handoff", "bot", "actions", "demo")


def _setting(
    parse: Callable[[str], Any],
    default: str | None,
    *,
    runtimes: tuple[Runtime, ...] = ("handoff",),
    private: bool = False,
) -> Any:
    """A field named like its variable in lower case.

    `default` may name earlier settings as `${NAME}`; None marks a secret that is made when it
    is not given. `runtimes` are told the value when the launcher starts them.
    """
    metadata = {"parse": parse, "default": default, "runtimes": runtimes}
    return field(metadata=metadata, repr=default is not None and not private)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What `.env.example` documents, under the same names. Times are in seconds."""

    data_dir: Path = _setting(values.folder, "var", runtimes=ALL)
    models_dir: Path = _setting(values.folder, "models", runtimes=("handoff", "bot"))
    scores_file: Path = _setting(
        values.file, "actions/judgement/scores.json", runtimes=("handoff", "actions")
    )
    database_url: str = _setting(values.database, "sqlite:///${DATA_DIR}/stafett.db", private=True)
    redis_url: str = _setting(values.redis, "", runtimes=("handoff", "bot"), private=True)
    tracker_url: str = _setting(
        values.database, "sqlite:///${DATA_DIR}/tracker.db", runtimes=("bot",), private=True
    )

    web_host: str = _setting(values.host, "127.0.0.1")
    web_port: int = _setting(values.port, "8000", runtimes=("handoff", "demo"))
    ws_host: str = _setting(values.host, "127.0.0.1")
    ws_port: int = _setting(values.port, "8001")
    internal_host: str = _setting(values.host, "127.0.0.1", runtimes=("handoff", "actions"))
    internal_port: int = _setting(values.port, "8002", runtimes=("handoff", "actions"))
    rasa_host: str = _setting(values.host, "127.0.0.1", runtimes=("handoff", "bot"))
    rasa_port: int = _setting(values.port, "8005", runtimes=("handoff", "bot"))
    actions_host: str = _setting(values.host, "127.0.0.1", runtimes=("handoff", "bot", "actions"))
    actions_port: int = _setting(values.port, "8006", runtimes=("handoff", "bot", "actions"))
    rasa_urls: tuple[str, ...] = _setting(values.servers, "")
    actions_urls: tuple[str, ...] = _setting(values.servers, "")
    internal_urls: tuple[str, ...] = _setting(values.servers, "", runtimes=("handoff", "actions"))
    demo_host: str = _setting(values.host, "127.0.0.1", runtimes=("demo",))
    demo_heimbud_port: int = _setting(values.port, "8010", runtimes=("handoff", "demo"))
    demo_varde_port: int = _setting(values.port, "8011", runtimes=("handoff", "demo"))
    demo_systems_port: int = _setting(values.port, "8020", runtimes=("handoff", "demo"))

    public_url: str = _setting(
        values.web_address, "http://127.0.0.1:${WEB_PORT}", runtimes=("handoff", "demo")
    )
    public_ws_url: str = _setting(values.websocket_address, "ws://127.0.0.1:${WS_PORT}")
    trusted_proxies: tuple[str, ...] = _setting(values.networks, "")

    secret_key: str = _setting(values.secret, None)
    bot_token: str = _setting(values.secret, None, runtimes=("handoff", "bot"))
    rasa_token: str = _setting(values.secret, None, runtimes=("handoff", "bot"))
    internal_token: str = _setting(values.secret, None, runtimes=("handoff", "actions"))
    metrics_token: str = _setting(values.secret, None)
    demo_systems_token: str = _setting(values.secret, None, runtimes=("handoff", "demo"))

    capacity: int = _setting(values.whole(1, 20), "5")
    lease_seconds: int = _setting(values.whole(10, 600), "45")
    heartbeat_seconds: int = _setting(values.whole(1, 120), "15")
    agent_heartbeat_seconds: int = _setting(values.whole(1, 120), "10")
    access_log_days: int = _setting(values.whole(1, 3650), "365")
    log_level: str = _setting(values.log_level, "info", runtimes=ALL)

    # Variables that are no settings of ours: a client company's YAML may name them.
    others: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def rasa_url(self) -> str:
        return f"http://{values.in_url(self.rasa_host)}:{self.rasa_port}"

    @property
    def internal_url(self) -> str:
        return f"http://{values.in_url(self.internal_host)}:{self.internal_port}"

    @property
    def actions_url(self) -> str:
        return f"http://{values.in_url(self.actions_host)}:{self.actions_port}"

    @property
    def bots(self) -> tuple[str, ...]:
        """Where Rasa servers are asked."""
        return self.rasa_urls or (self.rasa_url,)

    @property
    def action_servers(self) -> tuple[str, ...]:
        return self.actions_urls or (self.actions_url,)

    @property
    def demo_systems_url(self) -> str:
        return f"http://{values.in_url(self.demo_host)}:{self.demo_systems_port}"

    def demo_site_url(self, port: int) -> str:
        return f"http://{values.in_url(self.demo_host)}:{port}"

    @property
    def variables(self) -> Mapping[str, str]:
        """What `${NAME}` may stand for in a client company's YAML: settings and `others`."""
        own = {name: as_text(getattr(self, name.lower())) for name in NAMES}
        return MappingProxyType({**self.others, **own})


_FIELDS = {f.name.upper(): f.metadata for f in fields(Settings) if f.metadata}
NAMES = tuple(_FIELDS)
SECRETS = tuple(name for name, about in _FIELDS.items() if about["default"] is None)


def as_text(value: object) -> str:
    """A setting's value as it is written in `.env`."""
    return ",".join(value) if isinstance(value, tuple) else str(value)


def read_settings(environment: Mapping[str, str] | None = None, *, root: Path = ROOT) -> Settings:
    """Reads the settings of the project in `root`; folders are relative to it.

    `environment` defaults to the process's own. Raises SettingError naming every variable that
    is wrong, its value (unless it is a secret) and the cure.
    """
    outer = os.environ if environment is None else environment
    given = _read_env_file(root / ".env")
    _refuse_misspelt(given)
    given |= {name: value for name, value in outer.items() if value.strip()}
    errors: list[SettingError] = []
    found: dict[str, Any] = {}

    def fill(text: str) -> str:
        """The text with `${NAME}` replaced. Raises KeyError with a name that is not known."""
        return _VARIABLE.sub(
            lambda match: (
                as_text(found[match[1]])
                if match[1] in found or match[1] in NAMES
                else given[match[1]]
            ),
            text,
        )

    def take(name: str, text: str) -> None:
        shown = "" if name in SECRETS or name.endswith("_URL") else f" is {text!r}"
        try:
            found[name] = _FIELDS[name]["parse"](fill(text.strip()))
        except ValueError as error:
            errors.append(SettingError(f"{name}{shown}: {error}.", cure=_cure(name)))
        except KeyError as error:
            # A setting that is wrong itself has been reported already.
            if error.args[0] not in NAMES or error.args[0] in SECRETS:
                problem = f"it names ${{{error.args[0]}}}, which is not set"
                errors.append(SettingError(f"{name}{shown}: {problem}.", cure=_cure(name)))

    take("DATA_DIR", given.get("DATA_DIR", _FIELDS["DATA_DIR"]["default"]))
    if errors:
        raise errors[0]
    found["DATA_DIR"] = root / found["DATA_DIR"]
    for name in NAMES[1:]:
        if name in given or name not in SECRETS:
            take(name, given.get(name, _FIELDS[name]["default"]))
    if not errors:
        for name in ("MODELS_DIR", "SCORES_FILE"):
            found[name] = root / found[name]
        errors += _conflicts(found)
    if errors:
        raise _joined(errors)
    found |= _kept_secrets(found["DATA_DIR"], [name for name in SECRETS if name not in given])
    others = {name: value for name, value in given.items() if name not in NAMES}
    return Settings(
        **{name.lower(): value for name, value in found.items()},
        others=MappingProxyType(others),
    )


def environment_for_children(settings: Settings) -> dict[Runtime, dict[str, str]]:
    """The variables each runtime is started with: only those that it needs.

    The bot and the actions run Rasa's old pins, so they learn neither the key that signs
    tickets nor where the conversations are stored.
    """

    def told(runtime: Runtime) -> dict[str, str]:
        return {
            name: as_text(getattr(settings, name.lower()))
            for name, about in _FIELDS.items()
            if runtime in about["runtimes"]
        }

    def on_sanic(host: str) -> dict[str, str]:
        # Both of Rasa's servers bind every address unless Sanic is told otherwise.
        return {"SANIC_HOST": host, "RASA_TELEMETRY_ENABLED": "false"}

    return {
        "handoff": {**settings.others, **told("handoff")},
        "bot": {
            **told("bot"),
            **on_sanic(settings.rasa_host),
            "ACTIONS_URL": settings.actions_url,
        },
        "actions": {
            **told("actions"),
            **on_sanic(settings.actions_host),
            "INTERNAL_URLS": as_text(settings.internal_urls or (settings.internal_url,)),
        },
        "demo": told("demo"),
    }


def _cure(name: str) -> str:
    default = _FIELDS[name]["default"]
    if default is None:
        return "Delete it from .env, and one is made."
    instead = f": the default is {default}" if default else ""
    return f"Mend it in .env, or delete it{instead}."


def _joined(errors: list[SettingError]) -> SettingError:
    if len(errors) == 1:
        return errors[0]
    return SettingError("\n".join(map(str, errors)))


def _read_env_file(path: Path) -> dict[str, str]:
    """The names and values of a `.env` file, {} where there is none. Empty values are left out."""
    try:
        with path.open(encoding="utf-8") as stream:
            for binding in parse_stream(stream):
                if binding.error:
                    line = binding.original.line
                    raise SettingError(
                        f"{path} line {line} cannot be understood.",
                        cure="Write one NAME=value to a line; quote a value with spaces or #.",
                    )
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        reason = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else error.strerror
        raise SettingError(
            f"{path} cannot be read: {reason}.", cure="Make it a UTF-8 text file you may read."
        ) from None
    found = dotenv_values(path, encoding="utf-8", interpolate=False)
    return {name: value for name, value in found.items() if value and value.strip()}


def _refuse_misspelt(given: Mapping[str, str]) -> None:
    """Raises SettingError for a name in `.env` that is nearly one of ours."""
    errors = []
    for name in given:
        if name in NAMES:
            continue
        close = get_close_matches(name.upper().removeprefix("STAFETT_"), NAMES, 1, cutoff=0.85)
        if close:
            cure = f"Did you mean {close[0]}?"
        elif name.upper().startswith("STAFETT_"):
            cure = "Delete it; .env.example lists the settings."
        else:
            continue
        errors.append(SettingError(f"{name} in .env is not a setting.", cure=cure))
    if errors:
        raise _joined(errors)


def _conflicts(found: Mapping[str, Any]) -> Iterator[SettingError]:
    """Settings that are right alone and wrong together."""
    owners: dict[int, str] = {}
    for name in NAMES:
        if name.endswith("_PORT"):
            other = owners.setdefault(found[name], name)
            if other != name:
                yield SettingError(
                    f"{name} and {other} are both {found[name]}.",
                    cure="Give each a port of its own in .env.",
                )
    if found["AGENT_HEARTBEAT_SECONDS"] * 2 > found["LEASE_SECONDS"]:
        yield SettingError(
            f"AGENT_HEARTBEAT_SECONDS is {found['AGENT_HEARTBEAT_SECONDS']} and LEASE_SECONDS "
            f"{found['LEASE_SECONDS']}: one lost heartbeat would take an agent's chats away.",
            cure="Make LEASE_SECONDS at least twice AGENT_HEARTBEAT_SECONDS.",
        )


def _kept_secrets(data_dir: Path, wanted: list[str]) -> dict[str, str]:
    """The wanted secrets from `data_dir/secrets.env`; those it lacks are made and added."""
    if not wanted:
        return {}
    path = data_dir / SECRETS_FILE
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "r+", encoding="utf-8") as file:
            # Two processes that start at once must agree on one key.
            fcntl.flock(file, fcntl.LOCK_EX)
            os.fchmod(descriptor, 0o600)
            before = file.read()
            kept = dotenv_values(stream=io.StringIO(before), interpolate=False)
            if before and not before.endswith("\n"):
                file.write("\n")
            found: dict[str, str] = {}
            for name in wanted:
                text = kept.get(name)
                if text is None:
                    text = randomness.token_urlsafe(32)
                    file.write(f"{name}={text}\n")
                try:
                    found[name] = values.secret(text)
                except ValueError as error:
                    raise SettingError(
                        f"{name} in {path}: {error}.", cure="Delete that line, and one is made."
                    ) from None
            file.flush()
            os.fsync(descriptor)
    except OSError as error:
        raise SettingError(
            f"DATA_DIR is {str(data_dir)!r}, and {error.filename or path} cannot be written: "
            f"{error.strerror}.",
            cure="Give your user the right to write there, or set DATA_DIR in .env.",
        ) from None
    return found
