from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "documents"
    verbose_name = _("Papers")

    def ready(self) -> None:
        from accounts.asks import register_ask
        from accounts.navigation import register_entry
        from documents import actions, ink, operations, panels, readiness, resuming  # noqa: F401 - they register
        from documents.asks import unread_papers_of
        from meetings.events import register_on_admission
        from realtime.kinds import register_kind
        from realtime.seconds import register_each_second

        register_kind(ink.InkStream())
        register_on_admission(actions.admission_changed)
        register_each_second(resuming.forget_expired_uploads)
        panels.register()
        register_ask("papers", unread_papers_of, place=20)
        register_entry("documents:search", _("Search papers"), "search", place=25)
