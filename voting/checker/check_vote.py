#!/usr/bin/env python3
"""Kiểm tra lại một cuộc biểu quyết từ tệp do Phiên xuất ra. Chỉ cần Python 3, không cần phần mềm nào khác.

python3 check_vote.py TEP.json          Trả về 0: khớp; 1: có chỗ không khớp; 2: không đọc được tệp.
python3 check_vote.py TEP.json --en     The same in English.

It shares no line with the system that made the file: it counts again with whole numbers and fractions, opens the
seal of every ballot, compares roll, rules and result with the log of acts, and walks the chain of the log. Acts of the
session that are not about this vote are in the file by their hashes alone; of them only the order can be checked.
"""

import hashlib
import json
import sys
from fractions import Fraction

WORDS = {
    "holds": (
        "Khớp: {n} phiếu, {m} người trong danh sách, kết quả và nhật ký.",
        "It holds: {n} ballots, {m} on the roll, result and log agree.",
    ),
    "unreadable": ("Không đọc được tệp: {why}", "The file cannot be read: {why}"),
    "count": ("Kiểm lại phiếu cho kết quả khác: {what}", "Counted again, the ballots give another result: {what}"),
    "outcome": ("Kết luận không khớp với số phiếu.", "The outcome does not follow from the count."),
    "seal": ("Có {n} phiếu không khớp dấu niêm trong nhật ký.", "{n} ballot(s) do not carry the seal in the log."),
    "ballots": ("Số phiếu không khớp với nhật ký.", "The ballots are not those the log tells of."),
    "roll": ("Danh sách biểu quyết không khớp với lúc mở.", "The roll is not the one of the opening."),
    "rules": ("Quy tắc không khớp với lúc mở.", "The rules are not those of the opening."),
    "asked": (
        "Câu hỏi, lựa chọn hoặc người ứng cử không khớp với lúc mở.",
        "The question, its choices or its candidates are not those of the opening.",
    ),
    "present": ("Người có mặt không khớp với nhật ký.", "Those present are not those the log tells of."),
    "announced": ("Kết luận không khớp với lúc công bố.", "The outcome is not the one of the announcement."),
    "closing": ("Kết quả không khớp với lúc kết thúc.", "The result is not the one of the closing."),
    "chain": ("Nhật ký bị đứt ở số {n}.", "The log is broken at number {n}."),
    "link": ("Việc số {n} trong nhật ký đã bị sửa.", "Act {n} of the log was changed."),
}
ASKED = ("question", "kind", "options", "subjects", "seats")


def main(arguments):
    english = "--en" in arguments
    names = [one for one in arguments if not one.startswith("--")]

    def say(key, **values):
        print(WORDS[key][english].format(**values))

    try:
        with open(names[0], encoding="utf-8") as opened:
            vote = json.load(opened)
        found = list(doubts(vote))
    except IndexError:
        say("unreadable", why="check_vote.py TEP.json")
        return 2
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        say("unreadable", why=f"{type(error).__name__} {error}")
        return 2
    for key, values in found:
        say(key, **values)
    if not found:
        say("holds", n=len(vote["ballots"]), m=len(vote["roll"]))
    return 1 if found else 0


def doubts(vote):
    yield from doubts_about_the_count(vote)
    yield from doubts_about_the_log(vote)
    yield from doubts_about_the_chain(vote["chain"])


# -- The count ---------------------------------------------------------------------------------------------------------


def doubts_about_the_count(vote):
    counted, kept = count(vote), vote["result"]
    for name in counted:
        if counted[name] != kept[name]:
            yield "count", {"what": name}
    expected = counted["outcome"]
    if expected == "tie" and vote["tie_confirmed"]:
        expected = "passed" if counted["tie"]["side"] == "for" else "not_passed"
    if vote["outcome"] != expected:
        yield "outcome", {}


def count(vote):
    """Everything the result says that decides, counted anew."""
    present = {one["key"]: one for one in vote["roll"] if one["present"]}
    cast = {one["elector"]: one["choice"] for one in vote["ballots"] if one["elector"] in present}
    if vote["kind"] == "rating":
        return count_rating(vote, cast, present)
    if vote["kind"] == "election":
        return count_election(vote, cast, present)
    return count_question(vote, {key: [choice] for key, choice in cast.items()}, present)


def numbers(vote, chosen, present):
    """`chosen`: of each ballot the options on it, none if it is invalid."""
    options = {one["key"]: one["counts_as"] for one in vote["options"]}
    valid = {key: [one for one in marks if one in options] for key, marks in chosen.items()}
    sides = {side: sum(any(options[one] == side for one in marks) for marks in valid.values()) for side in SIDES}
    all_members = len(vote["roll"])
    return {
        "all_members": all_members,
        "present": len(present),
        "absent": all_members - len(present),
        "cast": len(valid),
        "no_ballot": len(present) - len(valid),
        "valid": sum(bool(marks) for marks in valid.values()),
        "invalid": sum(not marks for marks in valid.values()),
        "for_": sides["for"],
        "against": sides["against"],
        "not_voting": sides["not_voting"],
        "by_option": {key: sum(key in marks for marks in valid.values()) for key in options},
    }


SIDES = ("for", "against", "not_voting")


def base_of(counts, name):
    return counts["for_"] + counts["against"] if name == "for_and_against" else counts[name]


def least(whole, share, strictly_more):
    exact = whole * Fraction(share)
    return exact.numerator // exact.denominator + 1 if strictly_more else -(-exact.numerator // exact.denominator)


def has_quorum(vote, counts):
    share = vote["rules"]["quorum"]
    if share is None:
        return True
    needed = max(1, least(counts["all_members"], share, vote["rules"]["quorum_strictly_more"]))
    return counts["present"] >= needed


def reached(counts, step):
    whole = base_of(counts, step["base"])
    name = {"for": "for_"}.get(step["counts"], step["counts"])
    number = counts[name] if name in counts else counts["by_option"].get(name, 0)
    return bool(whole) and number >= least(whole, step["share"], step["strictly_more"])


def count_question(vote, chosen, present):
    counts, rules = numbers(vote, chosen, present), vote["rules"]
    tie = tie_of(vote, counts, chosen, present)
    outcome = next((step["outcome"] for step in rules["steps"] if reached(counts, step)), None)
    if not has_quorum(vote, counts):
        outcome = "no_quorum"
    elif outcome is None:
        outcome = "tie" if tie and tie["side"] else rules["otherwise"]
    return {"counts": counts, "tie": tie, "outcome": outcome}


def tie_of(vote, counts, chosen, present):
    rule = vote["rules"]["tie"]
    if rule == "none" or counts["for_"] != counts["against"] or not counts["for_"]:
        return None
    if rule == "not_passed":
        return {"rule": rule, "side": None, "no_side": None}
    heads = [one["key"] for one in vote["roll"] if one["is_head"]]
    if len(heads) != 1:
        return {"rule": rule, "side": None, "no_side": "no_head"}
    if heads[0] not in present:
        return {"rule": rule, "side": None, "no_side": "head_absent"}
    sides = {one["key"]: one["counts_as"] for one in vote["options"]}
    side = next((sides.get(one) for one in chosen.get(heads[0], [])), None)
    if side in ("for", "against"):
        return {"rule": rule, "side": side, "no_side": None}
    return {"rule": rule, "side": None, "no_side": "head_not_voting" if side else "head_no_ballot"}


def count_election(vote, cast, present):
    counts = numbers(vote, {key: candidates(vote, text) for key, text in cast.items()}, present)
    steps, seats = vote["rules"]["steps"], vote["seats"]
    if not has_quorum(vote, counts):
        return {"counts": counts, "outcome": "no_quorum", "elected": [], "undecided": []}
    if not steps:
        return {"counts": counts, "outcome": "counted", "elected": [], "undecided": []}
    enough = [key for key in counts["by_option"] if reached(counts, {**steps[0], "counts": key})]
    enough.sort(key=lambda key: -counts["by_option"][key])
    elected, undecided = enough[:seats], []
    if len(enough) > seats:
        border = counts["by_option"][enough[seats]]
        if counts["by_option"][enough[seats - 1]] == border:
            elected = [key for key in enough if counts["by_option"][key] > border]
            undecided = [key for key in enough if counts["by_option"][key] == border]
    outcome = "border_tie" if undecided else "elected" if len(elected) == seats else "seats_left"
    return {"counts": counts, "outcome": outcome, "elected": elected, "undecided": undecided}


def candidates(vote, text):
    named, known = text.split("+") if text else [], [one["key"] for one in vote["options"]]
    whole = len(named) == len(set(named)) <= vote["seats"] and set(named) <= set(known)
    return named if whole else []


def count_rating(vote, cast, present):
    levels = {key: dict(part.split("=") for part in text.split(";")) for key, text in cast.items()}
    found, counts = {}, None
    for subject in vote["subjects"]:
        counted = count_question(vote, {key: [one.get(subject["key"], "")] for key, one in levels.items()}, present)
        counts = counts or counted["counts"]
        found[subject["key"]] = {"by_option": counted["counts"]["by_option"], "outcome": counted["outcome"]}
    return {"counts": counts, "subjects": found, "outcome": "rated" if has_quorum(vote, counts) else "no_quorum"}


# -- The log of acts ---------------------------------------------------------------------------------------------------


def doubts_about_the_log(vote):
    acts = [link["told"] for link in vote["chain"]["links"] if "told" in link]
    opened = max((place for place, act in enumerate(acts) if act["act"] == "poll_opened"), default=None)
    acts = acts[opened:] if opened is not None else []
    facts = {act["act"]: act["facts"] for act in acts}
    seals = {a["facts"]["elector"]: a["facts"]["hash"] for a in acts if a["act"] in ("ballot_cast", "ballot_changed")}
    persons = {one["key"]: one["person"] for one in vote["roll"]}
    if facts.get("poll_opened", {}).get("roll") != [one["person"] for one in vote["roll"]]:
        yield "roll", {}
    if facts.get("poll_opened", {}).get("rules") != vote["rules"]:
        yield "rules", {}
    opening = facts.get("poll_opened", {})
    if any(name in opening and opening[name] != vote[name] for name in ASKED):
        yield "asked", {}
    present = set(opening.get("there", [])) | {a["facts"]["elector"] for a in acts if a["act"] == "elector_admitted"}
    if "there" in opening and present != {one["person"] for one in vote["roll"] if one["present"]}:
        yield "present", {}
    if facts.get("result_announced", {}).get("outcome") != vote["outcome"]:
        yield "announced", {}
    if {persons.get(one["elector"]) for one in vote["ballots"]} != set(seals) or len(vote["ballots"]) != len(seals):
        yield "ballots", {}
    broken = sum(seal(vote, one) != seals.get(persons.get(one["elector"])) for one in vote["ballots"])
    if broken:
        yield "seal", {"n": broken}
    if facts.get("poll_closed", {}).get("result") != vote["result"]:
        yield "closing", {}


def seal(vote, ballot):
    told = f"{ballot['salt']}|{vote['poll']}|{ballot['elector']}|{ballot['choice']}"
    return hashlib.sha256(told.encode()).hexdigest()


def doubts_about_the_chain(chain):
    previous, number = "", 0
    for link in chain["links"]:
        number += 1
        if link["number"] != number or link["previous"] != previous:
            yield "chain", {"n": number}
            return
        if "told" in link:
            told = {**link["told"], "chain": chain["name"], "number": number, "previous": previous}
            text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
            if hashlib.sha256(text.encode()).hexdigest() != link["hash"]:
                yield "link", {"n": number}
        previous = link["hash"]
    if chain["head"] != {"number": number, "hash": previous}:
        yield "chain", {"n": number}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
