"""Steps that the tests of administration share."""

from django.http import HttpResponse
from django.urls import reverse

from accounts.models import Act, Organisation, Person
from tests.council import client_of


def get(person: Person, name: str, /, *args: object, **query: str) -> HttpResponse:
    return client_of(person).get(reverse(f"accounts:{name}", args=args), query)


def post(person: Person, name: str, /, *args: object, **fields: object) -> HttpResponse:
    return client_of(person).post(reverse(f"accounts:{name}", args=args), fields)


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


def acts_of(organisation: Organisation) -> list[tuple[str, int | None]]:
    chain = Act.objects.filter(chain=f"organisation:{organisation.pk}").order_by("number")
    return [(act.act, act.by_id) for act in chain]


def installation_acts() -> list[tuple[str, str]]:
    return [(act.act, act.about) for act in Act.objects.filter(chain="installation").order_by("number")]
