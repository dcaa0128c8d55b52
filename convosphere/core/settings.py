"""Every setting of the installation: typed, validated at start, documented by its own fields."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from limits import parse_many
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from convosphere.core.errors import ConfigurationError

Locale = Literal["en", "de"]


class Settings(BaseSettings):
    """Read from the environment, then from `.env`; environment names are the aliases in capitals."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", populate_by_name=True, frozen=True
    )

    # Where it is reached
    host: str = Field("127.0.0.1", alias="HOST", description="Address to listen on. `0.0.0.0` for all.")
    port: int = Field(8000, alias="PORT", ge=1, le=65535, description="Port of pages, routes and sockets together.")
    public_url: str = Field(
        "",
        alias="PUBLIC_URL",
        pattern=r"^(https?://[^/\s]+)?$",
        description="Address people type, such as `https://chat.example.org`. With `https` the session cookie is "
        "`Secure` and bound to the host. Empty: the address that a request came to.",
    )
    trusted_proxies: int = Field(
        0, alias="TRUSTED_PROXIES", ge=0, le=5, description="How many reverse proxies in front write X-Forwarded-For."
    )

    # Where it keeps things
    data: Path = Field(
        Path("data"), alias="CONVOSPHERE_DATA", description="Directory of database, files and logs, unless set apart."
    )
    database_url: str = Field(
        "",
        alias="DATABASE_URL",
        description="PostgreSQL 16 or newer with pgvector 0.8 or newer, as the app's own role, which owns nothing: "
        "`postgresql://convosphere_app:…@host/convosphere`. Empty: the embedded server.",
    )
    database_owner_url: str = Field(
        "", alias="DATABASE_OWNER_URL", description="The same database as the role that owns the tables and migrates."
    )
    database_pool: int = Field(10, alias="DATABASE_POOL", ge=2, le=100, description="Connections of each app process.")
    redis_url: str = Field(
        "",
        alias="REDIS_URL",
        pattern=r"^((redis|rediss|unix)://\S+)?$",
        description="Redis for what several app processes share: rate limits, and answers that people watch while "
        "another process writes them. `redis://:password@host:6379/0`, with TLS `rediss://…`.",
    )
    app_processes: int = Field(
        1,
        alias="APP_PROCESSES",
        ge=1,
        le=64,
        description="Processes that serve pages on the one port. More than one needs `REDIS_URL`.",
    )
    audit_key: SecretStr = Field(
        SecretStr(""),
        alias="AUDIT_KEY",
        description="Secret of 32 signs or more that seals the audit trail. Empty: the file `audit/key` in the data "
        "directory, made at the first start.",
    )

    secret_keys: SecretStr = Field(
        SecretStr(""),
        alias="SECRET_KEYS",
        description="Keys that seal secrets in the database, each 64 hexadecimal digits, the newest first, separated "
        "by commas. Empty: the file `secrets/keys` in the data directory, made when it is first needed.",
    )

    # Mail
    smtp_host: str = Field(
        "", alias="SMTP_HOST", description="Mail server. Empty: no mail is sent, links are shown to whoever asked."
    )
    smtp_port: int = Field(587, alias="SMTP_PORT", ge=1, le=65535, description="Port of the mail server.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", alias="SMTP_SECURITY", description="How the way to the mail server is encrypted."
    )
    smtp_user: str = Field("", alias="SMTP_USER", description="Name to sign in to the mail server with.")
    smtp_password: SecretStr = Field(SecretStr(""), alias="SMTP_PASSWORD", description="Password that goes with it.")
    mail_from: str = Field(
        "ConvoSphere <convosphere@localhost>",
        alias="MAIL_FROM",
        pattern=r"^[^\r\n]+@[^\r\n]+$",
        description="Sender of all mail, such as `ConvoSphere <chat@example.org>`.",
    )

    # People
    sign_up: Literal["open", "invitation", "closed"] = Field(
        "invitation", alias="SIGN_UP", description="Who may create an account."
    )
    session_days: int = Field(30, alias="SESSION_DAYS", ge=1, le=365, description="Longest life of a session in days.")
    session_idle_hours: int = Field(
        168, alias="SESSION_IDLE_HOURS", ge=1, le=8760, description="An unused session ends after so many hours."
    )
    default_locale: Locale = Field(
        "en", alias="DEFAULT_LOCALE", description="Language for those whose browser asks for none that is there."
    )

    # Limits, each as `NUMBER/TIME`, several separated by semicolons
    limit_sign_in: str = Field(
        "10/minute; 25/10 minutes; 60/hour",
        alias="LIMIT_SIGN_IN",
        description="Tries to sign in to one account from one address. From elsewhere its owner gets in as before.",
    )
    limit_guesses: str = Field(
        "60/minute",
        alias="LIMIT_GUESSES",
        description="Forms with passwords and codes from one address, whichever account they are for.",
    )
    limit_auth: str = Field(
        "300/minute",
        alias="LIMIT_AUTH",
        description="All requests about signing in and tokens from one address; as many keys that do not work.",
    )
    limit_upload: str = Field(
        "300/minute", alias="LIMIT_UPLOAD", description="Files that one person, or one key, may send."
    )
    limit_api: str = Field(
        "1200/minute", alias="LIMIT_API", description="Requests that one person, or one key, may make."
    )
    limit_events: str = Field(
        "1200/minute",
        alias="LIMIT_EVENTS",
        description="Acts in pages, such as clicks, that one person may do.",
    )

    # Files and documents
    upload_megabytes: int = Field(
        200, alias="UPLOAD_MEGABYTES", ge=1, le=10_240, description="Largest file that is taken in."
    )
    quota_megabytes: int = Field(10_240, alias="QUOTA_MEGABYTES", ge=1, description="Space for files of one workspace.")
    source_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        alias="SOURCE_HOSTS",
        description="Servers in your own network that everybody who may add sources may have read: host names, "
        "addresses or networks, separated by commas: `wiki.lan, 10.1.0.0/16, 127.0.0.1:8080`. Public addresses need "
        "no entry; all others are refused without one.",
    )
    source_directories: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        alias="SOURCE_DIRECTORIES",
        description="Directories of the server that administrators may have watched, with all below them, separated "
        "by commas. Empty: none.",
    )
    parse_seconds: int = Field(120, alias="PARSE_SECONDS", ge=5, description="Longest time to read one document.")
    parse_megabytes: int = Field(
        1024, alias="PARSE_MEGABYTES", ge=256, description="Most memory to read one document with."
    )
    worker_concurrency: int = Field(2, alias="WORKER_CONCURRENCY", ge=1, le=64, description="Jobs at once in a worker.")

    # Models
    openai_api_key: SecretStr = Field(SecretStr(""), alias="OPENAI_API_KEY", description="Key of OpenAI.")
    openai_base_url: str = Field(
        "",
        alias="OPENAI_BASE_URL",
        pattern=r"^(https?://\S+)?$",
        description="Any server that speaks OpenAI's interface; its list of models is the list offered.",
    )
    anthropic_api_key: SecretStr = Field(SecretStr(""), alias="ANTHROPIC_API_KEY", description="Key of Anthropic.")
    gemini_api_key: SecretStr = Field(SecretStr(""), alias="GEMINI_API_KEY", description="Key of Google Gemini.")
    mistral_api_key: SecretStr = Field(SecretStr(""), alias="MISTRAL_API_KEY", description="Key of Mistral.")
    ollama_host: str = Field(
        "", alias="OLLAMA_HOST", description="Address of an Ollama server, such as `http://127.0.0.1:11434`."
    )
    models: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        alias="CONVOSPHERE_MODELS",
        description="Models to offer by LiteLLM's names, separated by commas: `anthropic/claude-sonnet-4-5, …`.",
    )
    default_model: str = Field(
        "", alias="CONVOSPHERE_DEFAULT_MODEL", description="Model of new conversations. Empty: the first one there is."
    )
    provider_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        alias="PROVIDER_HOSTS",
        description="Model servers in your own network that administrators may connect on the page of models: host "
        "names, addresses or networks, separated by commas: `ollama.lan:11434, 10.1.0.0/16, 127.0.0.1:1234`. "
        "Public addresses with `https` need no entry; all others are refused without one.",
    )
    first_token_seconds: float = Field(
        30.0, alias="FIRST_TOKEN_SECONDS", gt=0, description="Patience until a model's first word."
    )
    next_token_seconds: float = Field(
        30.0, alias="NEXT_TOKEN_SECONDS", gt=0, description="Patience between two words of a model."
    )
    prompt_tokens: int = Field(
        100_000,
        alias="PROMPT_TOKENS",
        ge=2_000,
        description="The most that one question sends to a model, with the conversation and passages before it.",
    )
    embedding_model: str = Field(
        "",
        alias="EMBEDDING_MODEL",
        description="Adds search by meaning: a LiteLLM embedding model, or `onnx:DIRECTORY` for a local one. "
        "Empty: search by words alone.",
    )

    # Operation
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", alias="LOG_LEVEL", description="Least level that is logged."
    )
    drain_seconds: int = Field(
        20, alias="DRAIN_SECONDS", ge=0, le=600, description="Time that running answers and jobs get to end at a stop."
    )

    @property
    def address(self) -> str:
        """The address to type into a browser, without a slash at the end."""
        host = "localhost" if self.host in {"127.0.0.1", "::1", "0.0.0.0", "::"} else self.host  # noqa: S104
        return self.public_url or f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @field_validator("models", "provider_hosts", "source_hosts", "source_directories", mode="before")
    @classmethod
    def _split_list(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator(
        "limit_sign_in", "limit_guesses", "limit_auth", "limit_upload", "limit_api", "limit_events", mode="after"
    )
    @classmethod
    def _check_limit(cls, value: str) -> str:
        parse_many(value)  # Raises what a validator may raise.
        return value

    @field_validator("audit_key", mode="after")
    @classmethod
    def _check_audit_key(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < 32:
            raise ValueError("needs at least 32 signs, such as the output of `openssl rand -hex 32`")
        return value

    @field_validator("app_processes", mode="after")
    @classmethod
    def _require_redis(cls, value: int, info: ValidationInfo) -> int:
        if value > 1 and not info.data.get("redis_url"):
            raise ValueError("more than one process needs REDIS_URL")
        return value

    @field_validator("data", mode="after")
    @classmethod
    def _resolve_data(cls, value: Path) -> Path:
        return value.expanduser().resolve()


def load_settings() -> Settings:
    """Read and check all settings.

    Raises:
        ConfigurationError: names each wrong setting and the reason.
    """
    try:
        return Settings()  # pyright: ignore[reportCallIssue]  # Every field has a default; aliases hide that.
    except ValidationError as error:
        lines = [f"  {'.'.join(str(part) for part in item['loc'])}: {item['msg']}" for item in error.errors()]
        raise ConfigurationError("These settings are wrong:\n" + "\n".join(lines)) from None


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The process's settings, read once."""
    return load_settings()
