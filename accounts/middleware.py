"""Pages are for those who are logged in; refusals become sentences."""

from collections.abc import Callable
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils import translation

from accounts.reach import reach_read_once
from accounts.refusals import refused
from realtime.principals import came_from
from realtime.refusals import Refusal

Answer = Callable[[HttpRequest], HttpResponseBase]


class ChosenLanguageMiddleware:
    """Speak the language that was chosen on this tablet, else Vietnamese: browsers claim English that nobody chose."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language  # as Django's own middleware does
            answer = self.get_response(request)
            answer.headers.setdefault("Content-Language", language)
        return answer


class ReachReadOnceMiddleware:
    """A page that only reads asks once which units are in a person's reach."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        with reach_read_once():
            return self.get_response(request)


class SignedInOnlyMiddleware:
    """Send whoever is not logged in to the login page, unless the view is marked
    `login_not_required`; such a view decides for itself.

    Addresses under /p/, requests by htmx and views `for_scripts` are answered with 401: an image never redirects.
    """

    OPEN_PATHS = ("/account/login/", "/account/logout/", "/account/inactive/", "/language/", "/source/", "/static/")

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        token = came_from.set(request.META.get("REMOTE_ADDR", ""))
        try:
            return self.get_response(request)
        finally:
            came_from.reset(token)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], *_: object
    ) -> HttpResponseBase | None:
        if request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        if request.path.startswith(self.OPEN_PATHS):
            return None
        if is_fetched(request, view) or request.headers.get("HX-Request"):
            return HttpResponse(status=401)
        login = resolve_url(settings.LOGIN_URL)
        return redirect(f"{login}?next={quote(request.get_full_path())}")


class FirstPasswordMiddleware:
    """Whoever logs in with a password that somebody gave out chooses an own one before anything else."""

    OPEN_TO_ALL = frozenset(
        {
            "first_password",
            "account_change_password",
            "account_logout",
            "set_language",
            "text_size",
            "theme",
            "source",
            "manifest",
        }
    )

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], *_: object
    ) -> HttpResponseBase | None:
        if settings.DEMO or not getattr(request.user, "must_choose_password", False):
            return None
        if request.resolver_match and request.resolver_match.view_name in self.OPEN_TO_ALL:
            return None
        if is_fetched(request, view):
            return HttpResponse(status=403)
        wanted = request.get_full_path() if request.method == "GET" else "/"
        address = f"{resolve_url('first_password')}?next={quote(wanted)}"
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return redirect(address)


def is_fetched(request: HttpRequest, view: Callable[..., HttpResponseBase]) -> bool:
    """Is this asked for by a page, not by a person? Then another page is no answer to it."""
    return request.path.startswith("/p/") or getattr(view, "for_scripts", False)


class RefusalMiddleware:
    """Answer a refusal that no view caught with its sentence."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if not isinstance(exception, Refusal):
            return None
        return refused(request, exception)
