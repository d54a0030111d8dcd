"""The conclusion of one item: typed at the desk, or on a page of its own."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from meetings.agenda import number_of
from meetings.conclusions import write_conclusion
from meetings.forms import ConclusionForm
from meetings.models import AgendaItem, Conclusion, Meeting
from meetings.views.fetching import run_meeting
from realtime.refusals import Refusal

REVISION_HEADER = "Phien-Revision"  # where <conclusion-editor> reads which revision its text has become


@require_http_methods(["GET", "POST"])
def conclusion(request: SignedInRequest, key: UUID, item_id: int) -> HttpResponse:
    """What is kept, to be typed on. By POST it is kept, or both texts are shown if somebody else wrote meanwhile."""
    meeting = run_meeting(request, key)
    item = get_object_or_404(AgendaItem, meeting=meeting, pk=item_id)
    if request.method != "POST":
        return shown(request, meeting, item, form_over(kept_of(item)))
    form = ConclusionForm(request.POST)
    if not form.is_valid():
        return shown(request, meeting, item, form, problem=str(next(iter(form.errors.values()))[0]))
    try:
        kept = write_conclusion(
            item, form.cleaned_data["text"], by=request.user, revision=form.cleaned_data["revision"]
        )
    except Refusal as refusal:
        if refusal.code == "forbidden":
            raise
        return shown(
            request, meeting, item, form, problem=str(refusal), is_conflict=refusal.code == "written_meanwhile"
        )
    if not request.htmx:
        return redirect("meetings:desk", meeting.pk)
    answer = render(request, "meetings/_conclusion_kept.html", {"kept": kept})
    answer[REVISION_HEADER] = str(kept.revision)
    return answer


def kept_of(item: AgendaItem) -> Conclusion | None:
    return Conclusion.objects.filter(item=item).select_related("written_by").first()


def form_over(kept: Conclusion | None) -> ConclusionForm:
    return ConclusionForm(initial={"text": kept.text if kept else "", "revision": kept.revision if kept else 0})


def shown(
    request: SignedInRequest,
    meeting: Meeting,
    item: AgendaItem,
    form: ConclusionForm,
    *,
    problem: str = "",
    is_conflict: bool = False,
) -> HttpResponse:
    """The form as a page or in its place at the desk; in answer to htmx's POST only what is wrong: the text stays."""
    context = {
        "meeting": meeting,
        "item": item,
        "number": number_of(item),
        "form": form,
        "kept": kept_of(item),
        "problem": problem,
        "is_conflict": is_conflict,
    }
    if not request.htmx:
        page = "meetings/conclusion.html"
    else:
        page = "meetings/_conclusion_problem.html" if form.is_bound else "meetings/_conclusion_form.html"
    return render(request, page, context, status=422 if problem else 200)
