"""Addresses of the series; meetings/urls.py takes them into its own."""

from django.urls import path

from meetings.views import series

urlpatterns = [
    path("series/", series.all_series, name="all_series"),
    path("series/new/", series.new_series, name="new_series"),
    path("series/<int:series_id>/", series.series, name="series"),
    path("series/<int:series_id>/details/", series.series_details, name="series_details"),
    path("series/<int:series_id>/ending/", series.series_ending, name="series_ending"),
    path("series/<int:series_id>/reopening/", series.series_reopening, name="series_reopening"),
    path("series/<int:series_id>/people/", series.series_people, name="series_people"),
    path("series/<int:series_id>/units/", series.series_units, name="series_units"),
    path("series/<int:series_id>/members/", series.series_members, name="series_members"),
    path("series/<int:series_id>/members/<int:member_id>/", series.series_member, name="series_member"),
    path("series/<int:series_id>/members/<int:member_id>/role/", series.series_member_role, name="series_member_role"),
    path(
        "series/<int:series_id>/members/<int:member_id>/removal/",
        series.series_member_removal,
        name="series_member_removal",
    ),
    path("series/<int:series_id>/template/", series.template_lines, name="template_lines"),
    path("series/<int:series_id>/template/<int:place>/", series.template_line, name="template_line"),
    path("series/<int:series_id>/template/<int:place>/place/", series.template_line_place, name="template_line_place"),
    path(
        "series/<int:series_id>/template/<int:place>/removal/",
        series.template_line_removal,
        name="template_line_removal",
    ),
]
