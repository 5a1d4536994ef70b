"""Files as browsers send them."""

from __future__ import annotations

from collections.abc import Mapping

from tests.web.console import OURS, Answer, Visitor

MARK = "----waymark"


async def send_file(
    visitor: Visitor, path: str, name: str, content: bytes, more: Mapping[str, bytes] | None = None, **fields: str
) -> Answer:
    """Send a form with a file under ``file``, and ``more`` of them by their keys; with those alone, where it has no
    name."""
    fields = {"day_order": "iso", "_step": "send"} | fields
    parts = [_part(f'name="{key}"', value.encode()) for key, value in fields.items()]
    own = {"file": (name, content)} if name or not more else {}
    files = own | {key: (f"{key}.yaml", given) for key, given in (more or {}).items()}
    parts += [_part(f'name="{key}"; filename="{called}"', given) for key, (called, given) in files.items()]
    body = b"".join([*parts, f"--{MARK}--\r\n".encode()])
    return await visitor.send("POST", path, OURS | {"Content-Type": f"multipart/form-data; boundary={MARK}"}, body)


def _part(disposition: str, content: bytes) -> bytes:
    return f"--{MARK}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n".encode() + content + b"\r\n"
