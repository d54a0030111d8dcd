from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = _("Meetings")

    def ready(self) -> None:
        from accounts.asks import register_ask
        from accounts.navigation import register_entry
        from accounts.told import SENTENCES
        from meetings import operations, panels, room, undoing  # noqa: F401 - operations register themselves
        from meetings.home import preparations_of
        from meetings.rule_sets import ship_rule_sets
        from meetings.series import SENTENCES as ACTS_ON_SERIES
        from realtime.kinds import register_kind

        register_kind(room.RoomStream())
        panels.register()
        register_ask("preparations", preparations_of, place=30)
        undoing.register()
        SENTENCES.update(ACTS_ON_SERIES)
        post_migrate.connect(lambda **kwargs: ship_rule_sets(), sender=self, weak=False, dispatch_uid="rule_sets")
        register_entry("meetings:guide", _("Guide"), "book-open-text", place=95)
        register_entry("meetings:home", _("Home"), "house", place=10)
        register_entry("meetings:calendar", _("Calendar"), "calendar-days", place=30, below="/calendar/")
        register_entry("meetings:meetings", _("Meetings"), "users-round", place=20, below="/meetings/")
