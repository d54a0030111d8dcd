"""Everything that changes rule sets: a new version, a new set, a check against the law, taking a version back.

One transaction each: lock all versions, ask the rules, write, record in the chain of the installation. A version that
was made is never written again, but for the day on which it ends and who checked it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from itertools import chain, count
from typing import Any

from django.db.models import ProtectedError, Q
from django.forms.models import model_to_dict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.acts import INSTALLATION, record
from accounts.models import Person
from accounts.words import fold
from meetings.models import Meeting, MeetingSeries, RuleSet
from realtime.refusals import Refusal
from realtime.transactions import one_transaction
from voting.rule_rights import may_keep_rule_sets

DAY = timedelta(days=1)
LONGEST_CODE = 50  # letters of a name that go into a code
MOST_NAMED = 3  # series and sessions in one sentence
# What a version says: all that the form asks for but the day.
CONTENT = (
    *("name", "body", "source", "quorum_numerator", "quorum_denominator", "quorum_strictly_more", "terms"),
    *("notice_days_regular", "notice_days_extraordinary"),
)

# How the log of acts says them, see accounts/told.py.
SENTENCES = {
    "rule_set_made": gettext_lazy("made the rule set “%(name)s”, in force from %(from)s on"),
    "rule_set_version_made": gettext_lazy("made version %(version)s of “%(name)s”, in force from %(from)s on"),
    "rule_set_version_withdrawn": gettext_lazy("took back version %(version)s of “%(name)s” before it began"),
    "rule_set_ended": gettext_lazy("set the end of “%(name)s”: last day %(until)s"),
    "rule_set_end_withdrawn": gettext_lazy("took back the end of “%(name)s” (%(until)s)"),
    "rule_set_checked": gettext_lazy("recorded for “%(name)s”, version %(version)s: checked by %(person)s on %(on)s"),
    "rule_set_check_withdrawn": gettext_lazy("took back the check of “%(name)s”, version %(version)s"),
}


# -- Versions ----------------------------------------------------------------------------------------------------------


def make_version(
    of: RuleSet, *, by: Person, seen: int, valid_from: date, over_waiting: bool = False, **content: Any
) -> RuleSet:
    """Write a new version, which holds from that day on; the newest one so far ends the day before.

    `seen` is the number of the version that was the newest one when the page was opened. `over_waiting` says that what
    a later one brings, which has not begun yet, shall go again with this one, which was written from an older one.
    """
    with one_transaction():
        refuse_unless_keeper(by)
        newest = locked_versions(of.code)[0]
        refuse_unseen(newest, seen)
        refuse_silence_over_waiting(of, newest, is_meant=over_waiting)
        refuse_overlap(newest, valid_from)
        refuse_unreachable(content)
        refuse_nothing_new(newest, content)
        refuse_used_name(content["name"], of.code)
        if newest.valid_until is None:
            newest.valid_until = valid_from - DAY
            newest.save(update_fields=["valid_until"])
        made = RuleSet.objects.create(code=of.code, version=newest.version + 1, valid_from=valid_from, **content)
        before = {"was": content_of(newest), "ends": newest.valid_until.isoformat()}
        note(made, "rule_set_version_made", by=by, facts=before)
    return made


def make_rule_set(like: RuleSet, *, by: Person, valid_from: date, **content: Any) -> RuleSet:
    """Write a rule set of its own, which began as a copy of another."""
    with one_transaction():
        refuse_unless_keeper(by)
        refuse_unreachable(content)
        codes = set(locked_names(content["name"]))
        made = RuleSet.objects.create(code=free_code(content["name"], codes), valid_from=valid_from, **content)
        note(made, "rule_set_made", by=by, facts={"like": {"code": like.code, "version": like.version}})
    return made


def withdraw_version(rule_set: RuleSet, *, by: Person) -> None:
    """Take back a version that has not begun and that nothing uses; the one before it goes on."""
    with one_transaction():
        refuse_unless_keeper(by)
        newest, *before = locked_versions(rule_set.code)
        refuse_begun(newest, rule_set)
        note(newest, "rule_set_version_withdrawn", by=by, facts={"was": content_of(newest)})
        if before and before[0].valid_until == newest.valid_from - DAY:
            before[0].valid_until = None
            before[0].save(update_fields=["valid_until"])
        try:
            newest.delete()
        except ProtectedError as used:
            words = _("A series, a meeting or a vote uses this version already. Make a new version instead.")
            raise Refusal("version_in_use", words) from used


# -- The end of a rule set --------------------------------------------------------------------------------------------


def end_rule_set(rule_set: RuleSet, *, by: Person, last_day: date) -> None:
    """Offer the rules no more after that day. Nothing follows them; votes that were opened keep what held."""
    with one_transaction():
        refuse_unless_keeper(by)
        newest = locked_versions(rule_set.code)[0]
        refuse_end(newest, rule_set, last_day)
        refuse_used_after(newest, last_day)
        newest.valid_until = last_day
        newest.save(update_fields=["valid_until"])
        note(newest, "rule_set_ended", by=by, facts={"until": last_day.isoformat()})


def withdraw_end(rule_set: RuleSet, *, by: Person) -> None:
    """The rules go on; possible until their last day is over."""
    with one_transaction():
        refuse_unless_keeper(by)
        newest = locked_versions(rule_set.code)[0]
        if newest.pk != rule_set.pk or newest.valid_until is None:
            raise Refusal("no_end", _("No end is set for this version."))
        if newest.valid_until < timezone.localdate():
            words = _("These rules ended on %(last)s. Make a new version instead.")
            raise Refusal("ended_already", words % {"last": date_format(newest.valid_until, "d/m/Y")})
        ended, newest.valid_until = newest.valid_until, None
        newest.save(update_fields=["valid_until"])
        note(newest, "rule_set_end_withdrawn", by=by, facts={"until": ended.isoformat()})


# -- Checks ------------------------------------------------------------------------------------------------------------


def record_check(rule_set: RuleSet, *, by: Person, person: Person, on: date) -> None:
    """Write down who compared the version with the law on which day, in place of what stood there."""
    with one_transaction():
        refuse_unless_keeper(by)
        rule_set = locked(rule_set)
        if on > timezone.localdate():
            raise Refusal("not_yet_checked", _("The day of the check is still to come. Give the day it was done."))
        rule_set.checked_by, rule_set.checked_on = person, on
        rule_set.save(update_fields=["checked_by", "checked_on"])
        facts = {"person": person.full_name, "person_id": person.pk, "on": on.isoformat()}
        note(rule_set, "rule_set_checked", by=by, facts=facts)


def withdraw_check(rule_set: RuleSet, *, by: Person) -> None:
    """The version counts as checked by nobody again; votes that were opened meanwhile keep what held then."""
    with one_transaction():
        refuse_unless_keeper(by)
        rule_set = locked(rule_set)
        if rule_set.checked_by is None:
            raise Refusal("not_checked", _("Nobody has checked this version."))
        facts = {"person": rule_set.checked_by.full_name, "person_id": rule_set.checked_by_id}
        rule_set.checked_by = rule_set.checked_on = None
        rule_set.save(update_fields=["checked_by", "checked_on"])
        note(rule_set, "rule_set_check_withdrawn", by=by, facts=facts)


# -- What must hold ----------------------------------------------------------------------------------------------------


def refuse_unless_keeper(by: Person) -> None:
    if not may_keep_rule_sets(by):
        raise Refusal("forbidden", _("This is for system administrators."))


def refuse_unseen(newest: RuleSet, seen: int) -> None:
    if newest.version != seen:
        words = _("Somebody made version %(number)d meanwhile. Look at it first, then write the next one.")
        raise Refusal("changed_meanwhile", words % {"number": newest.version})


def refuse_silence_over_waiting(of: RuleSet, newest: RuleSet, *, is_meant: bool) -> None:
    """What is written from an older version would undo what the waiting one changes, and nobody would notice."""
    if of.pk == newest.pk or newest.valid_from <= timezone.localdate() or is_meant:
        return
    words = _(
        "Version %(number)d is written already and holds from %(first)s on. What it changes would go again with a "
        "version written from an older one. Begin with version %(number)d, or tick that this is meant."
    )
    facts = {"number": newest.version, "first": date_format(newest.valid_from, "d/m/Y")}
    raise Refusal("waiting_version", words % facts)


def refuse_overlap(newest: RuleSet, valid_from: date) -> None:
    """Two versions never hold on the same day, and a later one never begins before an earlier one."""
    facts = {"number": newest.version, "first": date_format(newest.valid_from, "d/m/Y")}
    if valid_from <= newest.valid_from:
        words = _("Version %(number)d holds from %(first)s on. Give a later day for the new one.")
        raise Refusal("begins_too_early", words % facts)
    if newest.valid_until is not None and valid_from <= newest.valid_until:
        words = _("Version %(number)d holds until %(last)s. Give a later day for the new one.")
        raise Refusal("overlaps", words % {**facts, "last": date_format(newest.valid_until, "d/m/Y")})


def refuse_nothing_new(newest: RuleSet, content: Mapping[str, Any]) -> None:
    if all(getattr(newest, name) == content[name] for name in CONTENT):
        raise Refusal("nothing_new", _("This says what version %(number)d says.") % {"number": newest.version})


def refuse_used_name(name: str, code: str) -> None:
    """Who chooses among rule sets sees their names alone."""
    others = RuleSet.objects.exclude(code=code).values_list("name", flat=True)
    if fold(name) in {fold(other) for other in others}:
        raise Refusal("name_used", _("There are other rules of this name. Give these another one."))


def refuse_begun(newest: RuleSet, rule_set: RuleSet) -> None:
    if rule_set.pk != newest.pk:
        raise Refusal("not_the_newest", _("Only the newest version can be taken back."))
    if newest.valid_from <= timezone.localdate():
        words = _("This version is in force already and stays. Make a new version instead.")
        raise Refusal("begun_already", words)


def refuse_end(newest: RuleSet, rule_set: RuleSet, last_day: date) -> None:
    if newest.pk != rule_set.pk:
        words = _("Version %(number)d follows this one. Set the end there.")
        raise Refusal("not_the_newest", words % {"number": newest.version})
    if last_day < max(newest.valid_from, timezone.localdate()):
        words = _("The last day lies before today or before the first day. Give today or a later day.")
        raise Refusal("ends_too_early", words)


def refuse_used_after(newest: RuleSet, last_day: date) -> None:
    """Series that go on would begin sessions with rules that are over, and sessions to come would be held by them."""
    after = Q(ended_on=None) | Q(ended_on__gt=last_day)
    series = MeetingSeries.objects.filter(after, rule_set__code=newest.code).values_list("name", flat=True)
    over = (Meeting.State.CLOSED, Meeting.State.CANCELLED)
    meetings = Meeting.objects.exclude(state__in=over).filter(rule_set__code=newest.code)
    titles = [one.title for one in meetings.order_by("starts_at") if timezone.localdate(one.starts_at) > last_day]
    used = [*series, *titles]
    if used:
        named = "; ".join(f"“{name}”" for name in used[:MOST_NAMED])
        facts = {"named": named, "more": len(used) - MOST_NAMED}
        words = (
            _("Used after that day by %(named)s, and %(more)d more. Give those other rules first.")
            if len(used) > MOST_NAMED
            else _("Used after that day by %(named)s. Give those other rules first.")
        )
        raise Refusal("used_after_the_end", words % facts)


def refuse_unreachable(content: Mapping[str, Any]) -> None:
    """What no form lets through either: a share that is none, or a step that an earlier one always forestalls."""
    shares = [(Fraction(step["share"]), step["strictly_more"]) for step in content["terms"].get("steps", [])]
    if content["quorum_numerator"] is not None:
        share = Fraction(content["quorum_numerator"], content["quorum_denominator"])
        shares.append((share, content["quorum_strictly_more"]))
    if any(not is_share(share, strictly_more=strictly) for share, strictly in shares):
        raise Refusal("no_share", _("A share lies between nothing and the whole, and more than the whole is nothing."))
    if forestalled(content["terms"].get("steps", [])) is not None:
        raise Refusal("never_reached", never_reached())


def is_share(share: Fraction, *, strictly_more: bool) -> bool:
    """Can it be asked for at all?"""
    return 0 < share < 1 or (share == 1 and not strictly_more)


def forestalled(steps: Iterable[Mapping[str, Any]]) -> int | None:
    """The place (from 0) of a step that is never reached, because one before it asks for no more of the same whole."""
    before: dict[tuple[str, str], tuple[Fraction, bool]] = {}
    for place, step in enumerate(steps):
        same, asked = (step["counts"], step["base"]), (Fraction(step["share"]), step["strictly_more"])
        if same in before and before[same] <= asked:
            return place
        before[same] = asked
    return None


def never_reached() -> str:
    return _("This share must be smaller than the one before it: else it is never asked for.")


# -- Shared steps ------------------------------------------------------------------------------------------------------


def locked_versions(code: str) -> list[RuleSet]:
    """All versions, the newest first; nobody else makes or takes back one until the end of the transaction.

    Read again once they are locked: whoever waited for the lock would not see the version that was made meanwhile.
    """
    list(RuleSet.objects.select_for_update().filter(code=code).order_by("pk"))
    versions = list(RuleSet.objects.filter(code=code).order_by("-version"))
    if not versions:
        raise Refusal("gone", _("This rule set is no longer there."))
    return versions


def locked(rule_set: RuleSet) -> RuleSet:
    found = RuleSet.objects.select_for_update(of=("self",)).select_related("checked_by").filter(pk=rule_set.pk).first()
    if found is None:
        raise Refusal("gone", _("This rule set is no longer there."))
    return found


def locked_names(name: str) -> list[str]:
    """The codes in use; two sets of one name wait for one another."""
    list(RuleSet.objects.select_for_update().order_by("pk"))
    rows = list(RuleSet.objects.all())  # again, as above
    if fold(name) in {fold(row.name) for row in rows}:
        raise Refusal("name_used", _("There are other rules of this name. Give these another one."))
    return [row.code for row in rows]


def free_code(name: str, used: set[str]) -> str:
    begin = slugify(fold(name))[:LONGEST_CODE] or "rules"
    return next(code for code in chain([begin], (f"{begin}-{number}" for number in count(2))) if code not in used)


def content_of(rule_set: RuleSet) -> dict[str, Any]:
    return model_to_dict(rule_set, fields=CONTENT)


def note(rule_set: RuleSet, act: str, *, by: Person, facts: Mapping[str, Any]) -> None:
    """Write the act to the chain of the installation, with the whole of what the version says."""
    told = {
        "name": rule_set.name,
        "code": rule_set.code,
        "version": rule_set.version,
        "from": rule_set.valid_from.isoformat(),
        "says": content_of(rule_set),
        **facts,
    }
    record(INSTALLATION, act, by=by, about=f"rule_set:{rule_set.pk}", facts=told)
