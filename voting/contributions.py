"""What voting gives the other apps: panels of the room, a section of the record, and an ear for check-ins."""

from accounts.personal import register_personal_panel
from meetings.events import register_before_leaving, register_on_check_in
from voting import actions, panels


def contribute() -> None:
    panels.register()
    register_personal_panel("votes", panels.votes_of, panels.meetings_with_votes)
    register_on_check_in(actions.admit_latecomer)
    register_before_leaving(actions.refuse_to_leave_a_vote_behind)
