from django.conf import settings
from django.urls import include, path
from django.views.i18n import set_language

from config.manifest import manifest
from config.source import source
from config.system import exposition, healthz, system

urlpatterns = [
    path("account/", include("accounts.urls")),
    path("language/", set_language, name="set_language"),
    path("manifest.webmanifest", manifest, name="manifest"),
    path("source/", source, name="source"),
    path("system/", system, name="system"),
    path("healthz", healthz, name="healthz"),
    path("metrics", exposition, name="metrics"),
    path("", include("realtime.urls")),
    path("", include("documents.urls")),
    path("", include("voting.urls")),
    path("targets/", include("targets.urls")),
    path("", include("meetings.urls")),
]
if settings.DEMO:
    from config.demo.urls import urlpatterns as demo_urls

    urlpatterns = [*demo_urls, *urlpatterns]

handler404 = "accounts.views.page_not_found"
handler403 = "accounts.views.permission_denied"
handler500 = "accounts.views.server_error"
