"""The list of people and the page of one person: account, offices, roles."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import actions, rules
from accounts.acts import INSTALLATION
from accounts.administration.fetching import (
    administered_office,
    administered_person,
    administered_role,
    administrators_only,
)
from accounts.forms import EndForm, OfficeForm, PeopleFilterForm, PersonForm, RoleForm
from accounts.models import Act, Membership, Organisation, Person, PersonQuerySet
from accounts.people_import import header
from accounts.queries import LOGIN_ACTS, found_people, with_offices
from accounts.requests import SignedInRequest
from accounts.sheets import workbook_of
from realtime.refusals import Refusal

PEOPLE_ON_A_PAGE = 30
LOGINS_SHOWN = 5
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# -- The list ----------------------------------------------------------------------------------------------------------


@require_GET
@administrators_only
def people(request: SignedInRequest) -> HttpResponse:
    form, found = filtered_people(request)
    page = Paginator(with_offices(found), PEOPLE_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "is_filtered": any(form.cleaned_data.values())}
    return render(request, "accounts/people.html", context)


@require_GET
@administrators_only
def people_export(request: SignedInRequest) -> HttpResponse:
    """The people of the list as a workbook, in the columns that the import reads: one row for each present office."""
    _form, found = filtered_people(request)
    rows = [row for person in with_offices(found) for row in rows_of(person)]
    answer = HttpResponse(workbook_of(_("People"), [header(), *rows]), content_type=WORKBOOK)
    answer["Content-Disposition"] = f'attachment; filename="phien-{timezone.localdate():%Y-%m-%d}.xlsx"'
    return answer


def filtered_people(request: SignedInRequest) -> tuple[PeopleFilterForm, PersonQuerySet]:
    form = PeopleFilterForm(request.GET, by=request.user)
    found = rules.people_administered_by(request.user)
    if not form.is_valid():
        return form, found
    words, unit, state = (form.cleaned_data[name] for name in ("words", "unit", "state"))
    found = found_people(found, words)
    if unit:
        units = Organisation.objects.within([unit.pk]).values("pk")
        held = Membership.objects.on(timezone.localdate()).filter(organisation__in=units)
        found = found.filter(pk__in=held.values("person"))
    return form, in_state(found, state)


def in_state(people: PersonQuerySet, state: str) -> PersonQuerySet:
    have_account = people.filter(username__isnull=False)
    if state == "none":
        return people.filter(username__isnull=True)
    if state == "closed":
        return have_account.filter(is_active=False)
    if state == "no_password":
        return have_account.filter(is_active=True, password__startswith=UNUSABLE_PASSWORD_PREFIX)
    if state == "open":
        return have_account.filter(is_active=True).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return people


def rows_of(person: Any) -> list[list[str]]:
    """One row for each of the person's `offices`, or one without an office."""
    own = [person.full_name, person.username or "", person.email, person.phone]
    offices = [
        [one.organisation.name, one.position.name, f"{one.valid_from:%d/%m/%Y}", day_or_nothing(one)]
        for one in person.offices
    ]
    return [[*own, *office] for office in offices] or [[*own, "", "", "", ""]]


def day_or_nothing(office: Membership) -> str:
    return f"{office.valid_until:%d/%m/%Y}" if office.valid_until else ""


# -- One person --------------------------------------------------------------------------------------------------------


@require_GET
@administrators_only
def person(request: SignedInRequest, person_id: int) -> HttpResponse:
    return render(request, "accounts/person.html", page_of(request, administered_person(request, person_id)))


@dataclass
class OfficeLine:
    """An office on the page of a person, and whether it is in a unit that the reader administers."""

    office: Membership
    is_mine: bool
    end_form: EndForm

    @property
    def is_past(self) -> bool:
        return self.office.valid_until is not None and self.office.valid_until < timezone.localdate()

    @property
    def is_ahead(self) -> bool:
        return self.office.valid_from > timezone.localdate()


def page_of(
    request: SignedInRequest, person: Person, refused_end: EndForm | None = None, **forms: Any
) -> dict[str, Any]:
    """What the page of a person shows; a form that was refused takes the place of an empty one."""
    units = set(rules.administered_by(request.user).values_list("pk", flat=True))
    granted = rules.roles_granted_by(request.user)
    offices = person.memberships.select_related("organisation", "position").order_by("-valid_from", "-pk")
    roles = person.roles.select_related("organisation").order_by("organisation__name", "role")
    kept = rules.ADMINISTRATING_ROLES if person.pk == request.user.pk else ()
    return {
        "person": person,
        "offices": [OfficeLine(one, one.organisation_id in units, end_form_of(one, refused_end)) for one in offices],
        "roles": [
            (held, held.organisation_id in units and held.role in granted and held.role not in kept) for held in roles
        ],
        "logins": logins_of(person),
        "may_keep_account": rules.may_keep_account(request.user, person),
        "is_oneself": person.pk == request.user.pk,
        "office_form": OfficeForm(by=request.user),
        "role_form": RoleForm(by=request.user),
        **forms,
    }


def end_form_of(office: Membership, refused: EndForm | None) -> EndForm:
    if refused is not None and refused.prefix == f"end-{office.pk}":
        return refused
    usual = office.valid_until or max(timezone.localdate(), office.valid_from)
    return EndForm(prefix=f"end-{office.pk}", began=office.valid_from, initial={"on": usual})


def logins_of(person: Person) -> list[Act]:
    acts = Act.objects.filter(by=person, chain=INSTALLATION, act__in=LOGIN_ACTS)
    return list(acts.order_by("-at")[:LOGINS_SHOWN])


@require_http_methods(["GET", "POST"])
@administrators_only
@never_cache
@sensitive_variables("password")
def new_person(request: SignedInRequest) -> HttpResponse:
    """A person with the first office; with a log-in name the answer shows the first password, once."""
    form = PersonForm(request.POST or None)
    unit = request.GET.get("unit", "")
    office_form = OfficeForm(request.POST or None, by=request.user, initial={"organisation": unit})
    if form.is_valid() and office_form.is_valid():
        try:
            person, password = actions.create_person(
                by=request.user, office=office_form.office(), **with_blanks(form.cleaned_data)
            )
        except Refusal as refusal:
            office_form.add_error(None, str(refusal))
        else:
            return answer_with_password(request, person, password)
    context = {"form": form, "office_form": office_form}
    return render(request, "accounts/new_person.html", context, status=422 if form.is_bound else 200)


def with_blanks(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value or "" for name, value in fields.items()}


def answer_with_password(request: SignedInRequest, person: Person, password: str) -> HttpResponse:
    if not password:
        messages.success(request, _("The person is entered."))
        return redirect("accounts:person", person.pk)
    return render(request, "accounts/person_password.html", {"person": person, "password": password})


@require_http_methods(["GET", "POST"])
@administrators_only
def person_details(request: SignedInRequest, person_id: int) -> HttpResponse:
    person = administered_person(request, person_id)
    form = PersonForm(request.POST or None, instance=Person.objects.get(pk=person.pk))
    if form.is_valid():
        try:
            actions.change_person(person, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            if refusal.code == "forbidden":
                raise
            form.add_error("username", str(refusal))
        else:
            messages.success(request, _("The changes are saved."))
            return redirect("accounts:person", person.pk)
    context = {"form": form, "person": person, "may_keep_account": rules.may_keep_account(request.user, person)}
    return render(request, "accounts/person_details.html", context, status=422 if form.is_bound else 200)


# -- The account -------------------------------------------------------------------------------------------------------


@require_POST
@administrators_only
@never_cache
@sensitive_variables("password")
def person_password(request: SignedInRequest, person_id: int) -> HttpResponse:
    """Give a new password and show it this once: it stands in no message, no session and no log."""
    person = administered_person(request, person_id)
    password = actions.set_password(person, by=request.user)
    return render(request, "accounts/person_password.html", {"person": person, "password": password})


@require_POST
@administrators_only
def account_closing(request: SignedInRequest, person_id: int) -> HttpResponse:
    person = administered_person(request, person_id)
    actions.close_account(person, by=request.user)
    messages.success(request, _("The account is closed; whoever was logged in with it is out."))
    return redirect("accounts:person", person.pk)


@require_POST
@administrators_only
def account_opening(request: SignedInRequest, person_id: int) -> HttpResponse:
    person = administered_person(request, person_id)
    actions.reopen_account(person, by=request.user)
    messages.success(request, _("The account is open again, with the password it had."))
    return redirect("accounts:person", person.pk)


# -- Offices and roles -------------------------------------------------------------------------------------------------


@require_POST
@administrators_only
def offices(request: SignedInRequest, person_id: int) -> HttpResponse:
    person = administered_person(request, person_id)
    form = OfficeForm(request.POST, by=request.user)
    if form.is_valid():
        try:
            actions.add_membership(person, form.office(), by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    if form.errors:
        return render(request, "accounts/person.html", page_of(request, person, office_form=form), status=422)
    messages.success(request, _("The office is entered."))
    return redirect("accounts:person", person.pk)


@require_POST
@administrators_only
def office_end(request: SignedInRequest, membership_id: int) -> HttpResponse:
    office = administered_office(request, membership_id)
    form = EndForm(request.POST, prefix=f"end-{office.pk}", began=office.valid_from)
    if not form.is_valid():
        page = page_of(request, office.person, refused_end=form)
        return render(request, "accounts/person.html", page, status=422)
    actions.end_membership(office, by=request.user, on=form.cleaned_data["on"])
    messages.success(request, _("The last day in office is written down."))
    return redirect("accounts:person", office.person_id)


@require_POST
@administrators_only
def office_withdrawal(request: SignedInRequest, membership_id: int) -> HttpResponse:
    office = administered_office(request, membership_id)
    actions.withdraw_membership(office, by=request.user)
    messages.success(request, _("The office is taken back."))
    if rules.may_administer_person(request.user, office.person):
        return redirect("accounts:person", office.person_id)
    return redirect("accounts:unit", office.organisation_id)


@require_POST
@administrators_only
def roles(request: SignedInRequest, person_id: int) -> HttpResponse:
    person = administered_person(request, person_id)
    form = RoleForm(request.POST, by=request.user)
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            actions.grant_role(person, chosen["organisation"], chosen["role"], by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    if form.errors:
        return render(request, "accounts/person.html", page_of(request, person, role_form=form), status=422)
    messages.success(request, _("The role is given."))
    return redirect("accounts:person", person.pk)


@require_POST
@administrators_only
def role_removal(request: SignedInRequest, role_id: int) -> HttpResponse:
    held = administered_role(request, role_id)
    person_id, unit_id = held.person_id, held.organisation_id
    actions.revoke_role(held, by=request.user)
    messages.success(request, _("The role is taken."))
    if rules.people_administered_by(request.user).filter(pk=person_id).exists():
        return redirect("accounts:person", person_id)
    return redirect("accounts:unit", unit_id)
