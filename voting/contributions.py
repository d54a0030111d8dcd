"""What voting gives the other apps: panels of the room, acts of the desk, a section of the record, arrivals heard."""

from accounts.asks import register_ask
from accounts.personal import register_personal_panel
from accounts.told import SENTENCES
from meetings.events import register_before_leaving, register_before_undoing, register_on_check_in
from meetings.next_acts import register_next_act
from meetings.record import register_record_of_items
from meetings.undoing import register_undoable
from realtime.seconds import register_each_second
from voting import actions, desk, panels
from voting.asks import votes_asked_of
from voting.rule_actions import SENTENCES as ACTS_ON_RULE_SETS


def contribute() -> None:
    panels.register()
    register_personal_panel("votes", panels.votes_of, panels.meetings_with_votes, is_never_foreign=True)
    register_on_check_in(actions.admit_latecomer)
    register_before_leaving(actions.refuse_to_leave_a_vote_behind)
    register_before_undoing(actions.refuse_to_undo_under_a_vote)
    register_record_of_items(panels.votes_by_item)
    register_next_act(desk.next_act)
    register_undoable(desk.undoable_opening)
    register_each_second(actions.close_those_out_of_time)
    register_ask("votes", votes_asked_of, place=10)
    SENTENCES.update(ACTS_ON_RULE_SETS)
