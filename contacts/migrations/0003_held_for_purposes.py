from typing import Any

from django.db import migrations
from django.utils.text import slugify

# As they were when the fields became rows: key, legal basis, names.
USUAL = (
    ("cooperation", "public_task", ("Yhteistyö teemassa", "Samarbete inom temat", "Cooperation in the theme")),
    ("newsletters", "consent", ("Uutiskirjeet", "Nyhetsbrev", "Newsletters")),
    ("events", "public_task", ("Tapahtumiin osallistuminen", "Deltagande i evenemang", "Taking part in events")),
    ("site", "consent", ("Yhteyshenkilönä sivustolla", "Kontaktperson på webbplatsen", "Contact person on the site")),
)
# What the product itself wrote, and whose purpose is which of these.
WRITTEN = {
    ("cooperation in the theme", "public_task"): "cooperation",
    ("taking part in an event", "public_task"): "events",
    ("yhteyshenkilö sivustolla", "consent"): "site",
}
GONE = ("source", "purpose", "legal_basis")
BATCH = 2000


def key_of(written: str, basis: str) -> str:
    """Of one of the usual purposes; "" for words that the staff typed."""
    if written.startswith("newsletters.newsletter:") and basis == "consent":
        return "newsletters"
    return WRITTEN.get((written, basis), "")


def to_rows(apps: Any, schema_editor: Any) -> None:
    """Each theme gets the usual purposes, and one for each of the other words with its legal basis. Nobody is forgotten by itself by them."""
    for theme in apps.get_model("themes", "Theme").objects.all():
        _to_rows(apps, theme)
    _clean_merges(apps)


def _to_rows(apps: Any, theme: Any) -> None:
    Person, Purpose, HeldFor = (apps.get_model("contacts", name) for name in ("Person", "Purpose", "HeldFor"))
    made = {}
    for key, basis, (fi, sv, en) in USUAL:
        made[key] = Purpose.objects.create(theme=theme, key=key, legal_basis=basis, name_fi=fi, name_sv=sv, name_en=en)
    found = {}
    for written, basis in Person.objects.filter(theme=theme).order_by("purpose", "legal_basis").values_list("purpose", "legal_basis").distinct():
        key = key_of(written, basis)
        found[written, basis] = made[key] if key else _of_words(Purpose, theme, made, written, basis)
    rows = []
    people = Person.objects.filter(theme=theme).order_by("pk")
    for person in people.values("pk", "purpose", "legal_basis", "source", "obtained_at", "brought_by_id").iterator(chunk_size=BATCH):
        purpose = found[person["purpose"], person["legal_basis"]]
        told = {"source": person["source"], "since": person["obtained_at"], "brought_by_id": person["brought_by_id"]}
        rows.append(HeldFor(person_id=person["pk"], purpose=purpose, **told))
        if len(rows) == BATCH:
            HeldFor.objects.bulk_create(rows)
            rows.clear()
    HeldFor.objects.bulk_create(rows)


def _of_words(Purpose: Any, theme: Any, made: dict[str, Any], written: str, basis: str) -> Any:
    # Some rows were made without either.
    basis = basis or "public_task"
    first = slugify(written)[:50] or "purpose"
    key = next(key for key in (first, *(f"{first}-{number}" for number in range(2, len(made) + 3))) if key not in made)
    made[key] = Purpose.objects.create(theme=theme, key=key, legal_basis=basis, name_fi=written or "Tarkoitus ei tiedossa")
    return made[key]


def _clean_merges(apps: Any) -> None:
    """An undo puts back columns that there are."""
    Merge = apps.get_model("contacts", "Merge")
    for merge in Merge.objects.filter(undone_at=None).iterator(chunk_size=100):
        steps = []
        for step in merge.steps:
            if step["model"] == "contacts.Person":
                for side in ("was", "became"):
                    step[side] = step[side] and {name: value for name, value in step[side].items() if name not in GONE}
                if step["was"] == {} and step["became"] == {}:
                    continue
            steps.append(step)
        Merge.objects.filter(pk=merge.pk).update(steps=steps)


def to_fields(apps: Any, schema_editor: Any) -> None:
    """Of several purposes the first one stays."""
    Person, HeldFor = (apps.get_model("contacts", name) for name in ("Person", "HeldFor"))
    words = {key: written for (written, _basis), key in WRITTEN.items()}
    for row in HeldFor.objects.select_related("purpose").order_by("-since", "-pk").iterator(chunk_size=BATCH):
        purpose = row.source if row.purpose.key == "newsletters" else words.get(row.purpose.key, row.purpose.name_fi)
        told = {"purpose": purpose[:200], "legal_basis": row.purpose.legal_basis}
        Person.objects.filter(pk=row.person_id).update(source=row.source, **told)
    HeldFor.objects.all().delete()
    apps.get_model("contacts", "Purpose").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0002_purposes"),
    ]

    operations = [
        migrations.RunPython(to_rows, to_fields),
    ]
