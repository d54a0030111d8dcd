"""Pages and static files over ASGI."""

import gzip

import pytest
from asgiref.sync import iscoroutinefunction
from channels.testing import HttpCommunicator
from django.http import HttpResponse
from django.test import RequestFactory

from config.asgi import application
from config.compression import CompressedTextMiddleware
from config.handler import PageHandler


async def fetched(path: str, *more: tuple[bytes, bytes]) -> tuple[int, dict[str, str], bytes]:
    line = HttpCommunicator(application, "GET", path, headers=[(b"host", b"localhost"), *more])
    answer = await line.get_response(timeout=20)
    headers = {name.decode().lower(): value.decode() for name, value in answer["headers"]}
    return answer["status"], headers, answer["body"]


@pytest.mark.asyncio
async def test_a_static_file_is_served_before_django_and_is_what_its_name_says() -> None:
    status, headers, body = await fetched("/static/css/tokens.css")
    assert (status, headers["content-type"]) == (200, 'text/css; charset="utf-8"')
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "set-cookie" not in headers
    assert b"--action" in body


@pytest.mark.asyncio
@pytest.mark.parametrize("path", ["/static/../manage.py", "/static/css/none.css", "/static/"])
@pytest.mark.django_db(transaction=True)
async def test_what_is_no_static_file_is_not_there(path: str) -> None:
    status, _headers, _body = await fetched(path)
    assert status == 404


@pytest.mark.asyncio
@pytest.mark.django_db(transaction=True)
async def test_a_page_comes_with_its_policy() -> None:
    status, headers, body = await fetched("/account/login/")
    assert status == 200
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "Đăng nhập".encode() in body


def test_a_request_goes_through_its_middlewares_in_one_thread() -> None:
    """A middleware for the event loop alone would have each request wait for its turns."""
    assert not iscoroutinefunction(PageHandler()._middleware_chain)


@pytest.mark.asyncio
@pytest.mark.django_db(transaction=True)
async def test_a_page_travels_packed_to_who_can_unpack_it() -> None:
    _status, plain, _body = await fetched("/account/login/")
    _status, headers, body = await fetched("/account/login/", (b"accept-encoding", b"gzip"))
    assert (headers["content-encoding"], int(headers["content-length"])) == ("gzip", len(body))
    assert b"<!doctype html>" in gzip.decompress(body)
    assert "accept-encoding" in headers["vary"].lower()
    assert headers["content-security-policy"] == plain["content-security-policy"]
    assert "content-encoding" not in plain


@pytest.mark.parametrize(
    ("kind", "is_packed"), [("application/json", True), ("image/webp", False), ("application/pdf", False)]
)
def test_what_is_packed_already_is_not_packed_again(rf: RequestFactory, kind: str, is_packed: bool) -> None:
    middleware = CompressedTextMiddleware(lambda _request: HttpResponse(b"a" * 1000, content_type=kind))
    answer = middleware(rf.get("/", HTTP_ACCEPT_ENCODING="gzip"))
    assert ("Content-Encoding" in answer) == is_packed
