"""People from a file: choose it, look at what it would enter, enter all or nothing; then first passwords."""

from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import actions, people_import, rules
from accounts.administration.fetching import administrators_only
from accounts.administration.people import WORKBOOK, in_state
from accounts.forms import FileForm
from accounts.queries import with_offices
from accounts.requests import SignedInRequest, key_in
from accounts.sheets import csv_of, workbook_of

ROWS_SHOWN = 200
PREVIEW_SECONDS = 2 * 3600
# A good hash takes its time: more than this at once would keep somebody waiting for minutes.
PASSWORDS_AT_ONCE = 20


@require_http_methods(["GET", "POST"])
@administrators_only
def import_of_people(request: SignedInRequest) -> HttpResponse:
    """The file is read and shown; nothing is entered yet."""
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_valid():
        try:
            cells = people_import.cells_by_column(form.cleaned_data["file"])
        except people_import.WrongHeader as wrong:
            form.add_error("file", header_sentence(wrong.missing))
        else:
            if cells:
                return preview(request, cells)
            form.add_error("file", _("There is a header, but no row below it."))
    context = {"form": form, "columns": people_import.header()}
    return render(request, "accounts/import_of_people.html", context, status=422 if form.is_bound else 200)


def header_sentence(missing: list[str]) -> str:
    words = {"columns": ", ".join(missing)}
    return _("The first row must name the columns. Missing: %(columns)s. Take the empty table below.") % words


def preview(request: SignedInRequest, cells: list[dict[str, str]], *, status: int = 200) -> HttpResponse:
    lines = people_import.check_rows(cells, by=request.user)
    wrong = [line for line in lines if line.problems]
    context = {
        "count": len(lines),
        "wrong": wrong,
        "lines": (wrong or lines)[:ROWS_SHOWN],
        "with_account": sum(bool(line.cells["username"]) for line in lines),
        # What was shown is what is entered: the rows travel with the page, signed for this person.
        "rows": "" if wrong else signing.dumps(cells, salt=salt_of(request), compress=True),
    }
    return render(request, "accounts/import_of_people.html", context, status=422 if wrong else status)


def salt_of(request: SignedInRequest) -> str:
    return f"import_of_people:{request.user.pk}"


@require_POST
@administrators_only
def entry_of_people(request: SignedInRequest) -> HttpResponse:
    """Enter all that was shown, or nothing."""
    try:
        cells = signing.loads(request.POST.get("rows", ""), salt=salt_of(request), max_age=PREVIEW_SECONDS)
    except signing.BadSignature:
        messages.error(request, _("The table was shown too long ago. Choose the file again."))
        return redirect("accounts:import_of_people")
    lines = people_import.check_rows(cells, by=request.user)
    people = [line.person for line in lines if line.person]
    if len(people) != len(lines):
        return preview(request, cells)
    entered = actions.import_people(people, by=request.user)
    count = len(entered)
    messages.success(
        request, ngettext("%(count)d person is entered.", "%(count)d people are entered.", count) % {"count": count}
    )
    have_account = any(person.username for person in entered)
    return redirect("accounts:first_passwords" if have_account else "accounts:people")


@require_GET
@administrators_only
def table_for_people(request: SignedInRequest, form: str) -> HttpResponse:
    """The empty table with its header and one row as an example."""
    rows = [people_import.header(), example_row(request)]
    if form == "csv":
        answer = HttpResponse(csv_of(rows), content_type="text/csv; charset=utf-8")
    else:
        answer = HttpResponse(workbook_of(_("People"), rows), content_type=WORKBOOK)
    answer["Content-Disposition"] = f'attachment; filename="phien-nhap-nguoi.{form}"'
    return answer


def example_row(request: SignedInRequest) -> list[str]:
    unit = rules.administered_by(request.user).filter(closed_on=None).first()
    name = unit.name if unit else ""
    return ["Nguyễn Văn Mẫu", "nguyen-van-mau", "", "", name, "Chuyên viên", "01/01/2026", ""]


# -- First passwords ---------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@administrators_only
@never_cache
@sensitive_variables("given")
def first_passwords(request: SignedInRequest) -> HttpResponse:
    """Accounts that have no password yet; POST gives the chosen ones theirs and shows them, this once."""
    waiting = in_state(rules.accounts_kept_by(request.user), "no_password")
    if request.method == "POST":
        keys = [key_in(key) for key in request.POST.getlist("person")]
        chosen = with_offices(waiting.filter(pk__in=keys))[:PASSWORDS_AT_ONCE]
        given = [(person, actions.set_password(person, by=request.user)) for person in chosen]
        if given:
            return render(request, "accounts/first_passwords.html", {"given": given, "left": waiting.count()})
    page = Paginator(with_offices(waiting), PASSWORDS_AT_ONCE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {"page": page, "nobody_chosen": request.method == "POST"}
    return render(request, "accounts/first_passwords.html", context, status=422 if request.method == "POST" else 200)
