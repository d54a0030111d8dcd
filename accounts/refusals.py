"""How a refusal is answered: a sentence beside what was asked for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from realtime.refusals import Refusal


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """403 to who may never do that, 422 where it is not possible now; htmx puts the sentence into the page."""
    status = 403 if refusal.code == "forbidden" else 422
    by_htmx = bool(request.headers.get("HX-Request"))
    page = "ui/_refusal.html" if by_htmx else "ui/refused.html"
    answer = render(request, page, {"refusal": refusal, "back": request.headers.get("Referer", "")}, status=status)
    if by_htmx:
        answer["HX-Retarget"], answer["HX-Reswap"] = "#refusals", "innerHTML"
    return answer
