"""The web manifest: on the first screen of a tablet the site opens like a program, under its own icon."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

SIZES = (192, 512)


@login_not_required
@require_GET
def manifest(request: HttpRequest) -> JsonResponse:
    drawing = {"src": static("img/phien.svg"), "sizes": "any", "type": "image/svg+xml"}
    pictures = [
        {
            "src": static(f"img/phien-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": "any maskable",
        }
        for size in SIZES
    ]
    described = {
        "name": _("Phiên: meetings without paper"),
        "short_name": "Phiên",
        "lang": request.LANGUAGE_CODE,
        "start_url": "/",
        "display": "standalone",
        "background_color": "#fbfaf6",
        "theme_color": "#9c1c1c",
        "icons": [drawing, *pictures],
    }
    return JsonResponse(described, content_type="application/manifest+json")
