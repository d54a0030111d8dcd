from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "documents"
    verbose_name = _("Papers")

    def ready(self) -> None:
        from documents import ink, operations, panels, readiness  # noqa: F401 - they register themselves
        from realtime.kinds import register_kind

        register_kind(ink.InkStream())
        panels.register()
