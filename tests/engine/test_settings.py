from pathlib import Path

import pytest

from engine.settings import ROOT, Settings, SettingsError, load_settings
from tests.domain.core.test_sentences import LIBRARY


@pytest.fixture(autouse=True)
def _only_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA_DIR", "MAILDIR", "RECORDS_URL", "SMTP_URL", "LOG_LEVEL", "TASK_QUEUE"):
        monkeypatch.delenv(f"WAYMARK_{name}", raising=False)


def test_everything_local_is_in_the_checkouts_data_directory() -> None:
    settings = load_settings()
    assert settings.data_dir == ROOT / "data"
    assert settings.maildir == ROOT / "data" / "mail"
    assert settings.records_url == f"sqlite:///{ROOT}/data/waymark.db"


def test_moving_the_data_directory_moves_what_is_in_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WAYMARK_DATA_DIR", str(tmp_path))
    settings = load_settings()
    assert settings.maildir == tmp_path / "mail"
    assert settings.records_url == f"sqlite:///{tmp_path}/waymark.db"


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("sqlite:///data/other.db", f"sqlite:///{ROOT}/data/other.db"),
        ("sqlite:////var/lib/waymark.db", "sqlite:////var/lib/waymark.db"),
        ("postgres://hr:pw@db:5432/records", "postgresql+psycopg://hr:pw@db:5432/records"),
        ("postgresql+psycopg://hr:pw@db/records", "postgresql+psycopg://hr:pw@db/records"),
        ("postgresql://hr@/records?host=/run/postgresql", "postgresql+psycopg://hr@/records?host=/run/postgresql"),
        ("", f"sqlite:///{ROOT}/data/waymark.db"),
    ],
)
def test_records_url_means_the_same_from_any_directory(monkeypatch: pytest.MonkeyPatch, given: str, used: str) -> None:
    monkeypatch.setenv("WAYMARK_RECORDS_URL", given)
    assert load_settings().records_url == used


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("WAYMARK_RECORDS_URL", "mysql://hr:hunter2@db/records"),
        ("WAYMARK_SMTP_URL", "http://hr:hunter2@mail"),
        ("WAYMARK_SMTP_URL", "smtp://hr:hunter2@mail:lots"),
        ("WAYMARK_MAIL_FROM", "hunter2"),
        ("WAYMARK_ISSUER_URL", "http://hunter2.example.org"),
        ("WAYMARK_ISSUER_URL", "https://example.org/?hunter2"),
        ("WAYMARK_CONSOLE_URL", "http://hunter2.example.org"),
        ("WAYMARK_CONSOLE_URL", "https://example.org/hunter2"),
        ("WAYMARK_CONSOLE_PROXIES", "10.0.0.1, hunter2"),
        ("WAYMARK_OIDC_ISSUER", "http://hunter2.example.org"),
        ("WAYMARK_OIDC_ISSUER", "https://login.example.org/?hunter2"),
        ("WAYMARK_OIDC_HOSTS", "oauth2.example.com, https://hunter2"),
        ("WAYMARK_SIGN_IN_BY_MAIL", "hunter2"),
        ("WAYMARK_LOG_LEVEL", "hunter2"),
        ("WAYMARK_LOG_FORMAT", "hunter2"),
        ("WAYMARK_MAX_CACHED_WORKFLOWS", "-1"),
    ],
)
def test_a_bad_value_is_one_line_that_names_the_variable_only(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as refused:
        load_settings()
    line = str(refused.value)
    assert line.startswith(f"{variable}: ")
    assert "\n" not in line
    assert "hunter2" not in line


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("", "http://localhost:8080"),
        ("https://Waymark.Example.org/", "https://waymark.example.org"),
        ("https://waymark.example.org:443", "https://waymark.example.org"),
        ("https://waymark.example.org:8443", "https://waymark.example.org:8443"),
        ("http://localhost:9000", "http://localhost:9000"),
    ],
)
def test_the_console_is_where_browsers_say_it_is(monkeypatch: pytest.MonkeyPatch, given: str, origin: str) -> None:
    monkeypatch.setenv("WAYMARK_CONSOLE_URL", given)
    assert load_settings().console_origin == origin


def test_several_bad_values_are_all_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYMARK_SMTP_URL", "mail")
    monkeypatch.setenv("WAYMARK_LOG_LEVEL", "loud")
    with pytest.raises(SettingsError, match=r"^WAYMARK_SMTP_URL: [^;]+; WAYMARK_LOG_LEVEL: [^;]+$"):
        load_settings()


def test_passwords_stay_out_of_what_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYMARK_SMTP_URL", "smtp://hr:hunter2@mail")
    monkeypatch.setenv("WAYMARK_RECORDS_URL", "postgresql://hr:hunter2@db/records")
    assert "hunter2" not in repr(load_settings())


@pytest.mark.parametrize("wrong", ["", "x", "-1", "[]", "{", "nan", "\t", "https://x y", "sqlite:", "ä" * 300])
def test_no_setting_is_refused_in_the_words_of_a_library_nor_repeated(
    monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    for variable in (f"WAYMARK_{name.upper()}" for name in Settings.model_fields):
        monkeypatch.setenv(variable, wrong)
        said = refusal()
        monkeypatch.delenv(variable)
        assert not LIBRARY.search(said), said
        assert f", not {wrong}" not in said
        assert not said or said.startswith(f"{variable}: ")


def refusal() -> str:
    """Why the settings can't be used; empty where they can."""
    try:
        load_settings()
    except SettingsError as error:
        return str(error)
    return ""


def test_an_identity_provider_takes_the_place_of_mail_and_is_named_wholly(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().sign_in_by_mail
    monkeypatch.setenv("WAYMARK_OIDC_ISSUER", "https://login.example.org/realms/company/")
    monkeypatch.setenv("WAYMARK_OIDC_CLIENT_ID", "waymark")
    with pytest.raises(SettingsError, match=r"WAYMARK_OIDC_CLIENT_SECRET: .*is needed with WAYMARK_OIDC_ISSUER"):
        load_settings()
    monkeypatch.setenv("WAYMARK_OIDC_CLIENT_SECRET", "hunter2")
    settings = load_settings()
    assert settings.oidc_issuer == "https://login.example.org/realms/company"
    assert not settings.sign_in_by_mail
    assert "hunter2" not in repr(settings)
    monkeypatch.setenv("WAYMARK_SIGN_IN_BY_MAIL", "true")
    assert load_settings().sign_in_by_mail
