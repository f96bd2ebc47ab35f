"""What looks secret is covered."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.core.log_masks import COVER, mask


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        ("password=hunter2 user=me", "hunter2"),
        ('{"db_password": "hunter2", "user": "me"}', "hunter2"),
        ('{"body": "{\\"apiKey\\": \\"hunter2\\"}"}', "hunter2"),
        ("Authorization: Bearer abcdefghijkl.mnop", "abcdefghijkl.mnop"),
        ("token: abc123abc", "abc123abc"),
        ("key AKIAIOSFODNN7EXAMPLE in use", "AKIAIOSFODNN7EXAMPLE"),
        ("got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl", "eyJhbGci"),
        ("postgres://app:hunter2@db:5432/x", "hunter2"),
        ("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "wJalrXUtnFEMI"),
        ("ghp_abcdefghijklmnopqrstuvwxyz0123456789", "abcdefghijkl"),
        ("https://x/?X-Amz-Signature=abcdef0123&x=1", "abcdef0123"),
        ("-----BEGIN RSA PRIVATE KEY-----MIIEabc", "MIIEabc"),
        ("-----BEGIN PRIVATE KEY-----\nMIIEabc\nMIIEdef\n-----END PRIVATE KEY-----\n", "MIIEdef"),
        ('{"password":["hunter2","abc"],"user":"me"}', "hunter2"),
        ('{"password":["abc", {"x": "hunter2', "hunter2"),
        ("got {'secret': {'it\\'s': 'hunter2'}, 'user': 'me'}", "hunter2"),
        ('{"password":"it\'s \\"hunter2\\""}', "hunter2"),
        ('{\n  "password": [\n    "hunter2"\n  ]\n}', "hunter2"),
        ("password=\x1b[31mhunter2\x1b[0m", "hunter2"),
    ],
)
def test_a_secret_is_covered(line: str, secret: str) -> None:
    """Its name stays, its value does not show; covering twice changes nothing."""
    covered = mask(line)
    assert COVER in covered
    assert secret not in covered
    assert mask(covered) == covered


_TEXTS = st.text("a\"'\\\\[]{},: \n", max_size=6).map("hunter2".__add__)
_VALUES = st.recursive(
    _TEXTS | st.integers(100, 999),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(_VALUES, st.integers(0, 2), st.sampled_from([None, 2]))
def test_a_secret_of_any_shape_is_covered_whole(value: object, depth: int, indent: int | None) -> None:
    """Texts with quotes in them, numbers, lists and objects, also in JSON within JSON: what is around it stays JSON."""
    text = json.dumps({"user": "me", "db_password": value, "on": True}, indent=indent)
    for _ in range(depth):
        text = json.dumps({"body": text, "z": [1]})
    covered = mask(text)
    assert "hunter2" not in covered
    assert mask(covered) == covered
    for _ in range(depth):
        assert json.loads(covered)["z"] == [1]
        covered = json.loads(covered)["body"]
    assert json.loads(covered) == {"user": "me", "db_password": COVER, "on": True}


@pytest.mark.parametrize(
    "line",
    [
        "START RequestId: 8f5a1c22-91d3-4f1c-8a2b-000000000001 Version: $LATEST",
        '{"level": "INFO", "message": "stored", "key": "uploads/photo.jpg", "tokens": 5}',
        "REPORT RequestId: x\tDuration: 12.40 ms\tBilled Duration: 13 ms\tMemory Size: 512 MB",
        "the password was changed by its owner",
        '{"message": "wrong password:", "user": "someone else"}',
        "https://example.com:8080/path@here",
    ],
)
def test_what_is_no_secret_shows(line: str) -> None:
    """Ids, keys of objects, figures and prose are left alone."""
    assert mask(line) == line
