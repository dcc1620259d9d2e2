"""Finland's nineteen regions, from `themes/data/regions.csv`."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from django.db import migrations

FILE = Path(__file__).resolve().parents[1] / "data" / "regions.csv"


def add_regions(apps: Any, schema_editor: Any) -> None:
    region = apps.get_model("themes", "Region")
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names = {f"name_{code}": row[code] for code in ("fi", "sv", "en")}
            place = {"nuts": row["nuts2021"], "tile_column": row["tile_column"], "tile_row": row["tile_row"]}
            region.objects.update_or_create(code=row["code"], defaults=names | place)


class Migration(migrations.Migration):
    dependencies = [("themes", "0001_theme_and_plan")]
    operations = [migrations.RunPython(add_regions, migrations.RunPython.noop)]
