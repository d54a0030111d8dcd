from django.urls import path, register_converter

from documents import tus, views
from documents.intake import Place


class Places:
    """Where tiles of a page lie, each once: "column-row,column-row". A row across the largest level has 19."""

    regex = "[0-9]{1,4}-[0-9]{1,4}(?:,[0-9]{1,4}-[0-9]{1,4}){0,31}"

    def to_python(self, value: str) -> list[Place]:
        pairs = (place.split("-") for place in value.split(","))
        return list(dict.fromkeys((int(column), int(row)) for column, row in pairs))

    def to_url(self, value: list[Place]) -> str:
        return ",".join(f"{column}-{row}" for column, row in value)


register_converter(Places, "places")

app_name = "documents"
urlpatterns = [
    path("papers/search/", views.search, name="search"),
    path("papers/unread/", views.unread, name="unread"),
    path("meetings/<uuid:key>/papers/", views.papers, name="papers"),
    path("meetings/<uuid:key>/handed-out-lines/", views.handed_out_lines, name="handed_out_lines"),
    path("meetings/<uuid:key>/copying/", views.copying, name="copying"),
    path("meetings/<uuid:key>/receipts/", views.receipts, name="receipts"),
    path("meetings/<uuid:key>/receipts/table.xlsx", views.receipts_export, name="receipts_export"),
    path("meetings/<uuid:key>/uploads/", tus.uploads, name="uploads"),
    path("uploads/<uuid:key>/", tus.upload, name="upload"),
    path("documents/<uuid:key>/", views.document, name="document"),
    path("documents/<uuid:key>/text/", views.text, name="text"),
    path("documents/<uuid:key>/copies/", views.copies, name="copies"),
    path("documents/<uuid:key>/details/", views.details, name="details"),
    path("documents/<uuid:key>/place/", views.place, name="place"),
    path("documents/<uuid:key>/versions/", views.versions, name="versions"),
    path("documents/<uuid:key>/release/", views.release, name="release"),
    path("documents/<uuid:key>/withdrawal/", views.withdrawal, name="withdrawal"),
    path("documents/<uuid:key>/grants/", views.grants, name="grants"),
    path("documents/<uuid:key>/grants/removal/", views.grant_removal, name="grant_removal"),
    path("p/<uuid:key>/manifest.json", views.manifest, name="manifest"),
    path("p/<uuid:key>/words.json", views.words, name="words"),
    path("p/<uuid:key>/<int:number>/text.json", views.page_text, name="page_text"),
    path("p/<uuid:key>/<int:number>/<int:tier>.webp", views.page_picture, name="page_picture"),
    path("p/<uuid:key>/<int:number>/<int:level>/<places:places>.tiles", views.page_tiles, name="page_tiles"),
]
