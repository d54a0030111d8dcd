from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TargetsConfig(AppConfig):
    name = "targets"
    verbose_name = _("Targets")

    def ready(self) -> None:
        from accounts.navigation import register_entry
        from targets import rules

        register_entry(
            "targets:effect", _("Effect"), "chart-column", place=40, may=rules.reads_figures, below="/targets/"
        )
        register_entry(
            "targets:baselines",
            _("Baselines"),
            "chart-column",
            place=40,
            may=rules.only_keeps_numbers,
            below="/targets/",
        )
