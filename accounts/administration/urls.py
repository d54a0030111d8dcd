from django.urls import path

from accounts.administration import importing, levels, logins, people, positions, units

app_name = "accounts"
urlpatterns = [
    path("units/", units.units, name="units"),
    path("units/new/", units.new_unit, name="new_unit"),
    path("units/<int:unit_id>/", units.unit, name="unit"),
    path("units/<int:unit_id>/details/", units.unit_details, name="unit_details"),
    path("units/<int:unit_id>/closing/", units.unit_closing, name="unit_closing"),
    path("units/<int:unit_id>/merger/", units.unit_merger, name="unit_merger"),
    path("units/<int:unit_id>/reopening/", units.unit_reopening, name="unit_reopening"),
    path("people/", people.people, name="people"),
    path("people/new/", people.new_person, name="new_person"),
    path("people/export/", people.people_export, name="people_export"),
    path("people/import/", importing.import_of_people, name="import_of_people"),
    path("people/import/entry/", importing.entry_of_people, name="entry_of_people"),
    path("people/import/table.<str:form>", importing.table_for_people, name="table_for_people"),
    path("people/passwords/", importing.first_passwords, name="first_passwords"),
    path("people/<int:person_id>/", people.person, name="person"),
    path("people/<int:person_id>/details/", people.person_details, name="person_details"),
    path("people/<int:person_id>/password/", people.person_password, name="person_password"),
    path("people/<int:person_id>/closing/", people.account_closing, name="account_closing"),
    path("people/<int:person_id>/opening/", people.account_opening, name="account_opening"),
    path("people/<int:person_id>/offices/", people.offices, name="offices"),
    path("people/<int:person_id>/roles/", people.roles, name="roles"),
    path("offices/<int:membership_id>/end/", people.office_end, name="office_end"),
    path("offices/<int:membership_id>/withdrawal/", people.office_withdrawal, name="office_withdrawal"),
    path("roles/<int:role_id>/removal/", people.role_removal, name="role_removal"),
    path("positions/", positions.positions, name="positions"),
    path("positions/<int:position_id>/", positions.position, name="position"),
    path("levels/", levels.levels, name="levels"),
    path("levels/<int:level_id>/", levels.level, name="level"),
    path("logins/", logins.logins, name="logins"),
]
