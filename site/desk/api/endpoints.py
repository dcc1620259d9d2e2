"""The addresses: for each kind a list and one of it. Their description is OpenAPI 3.1, made from them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.http import http_date
from ninja import NinjaAPI, Path, Query, Schema
from ninja.errors import ValidationError

from desk.api import resources, schemas
from desk.api.problems import MEDIA_TYPE, problem

if TYPE_CHECKING:
    from desk.api.resources import Kind

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
ABOUT = (
    "What is published on the site, for programs: read-only, without a login, in Finnish, Swedish and English. Lists go from what changed "
    "longest ago to what changed last, so a program that keeps the last `next` address takes what is new from there."
)
api = NinjaAPI(title="Kantama", version="1", description=ABOUT, docs_url=None, openapi_url=None, urls_namespace="api")


@api.exception_handler(ValidationError)
def refuse(request: HttpRequest, refused: ValidationError) -> HttpResponse:
    faults = [(str(error["loc"][-1]), str(error["msg"])) for error in refused.errors]
    return problem(422, "What was asked for is not understood.", faults)


def add(kind: Kind) -> None:
    """A list and one of it."""
    whole = schemas.with_html(kind.schema)
    errors = {404: schemas.Problem, 422: schemas.Problem, 429: schemas.Problem}

    @api.get(
        f"/{kind.name}",
        response={200: schemas.list_of(kind.schema), 422: schemas.Problem, 429: schemas.Problem},
        operation_id=f"list_{kind.name}",
        summary=kind.label,
        tags=[kind.name],
    )
    def listed(request: HttpRequest, response: HttpResponse, asked: Query[schemas.Asked]) -> Any:
        if unknown := _unknown(request, asked):
            return unknown
        with translation.override(asked.language):
            pages = list(resources.narrowed(kind, asked)[: asked.limit + 1])
            shown = pages[: asked.limit]
            if shown:
                response["Last-Modified"] = http_date(shown[-1].changed.timestamp())
            rest = following(request, shown[-1]) if len(pages) > asked.limit else None
            return 200, {"items": resources.told(kind, shown), "next": rest, "licence": LICENCE}

    @api.get(
        f"/{kind.name}/{{uuid:id}}",
        response={200: whole, **errors},
        operation_id=f"get_{kind.name}",
        summary=f"{kind.label}: one of them, with its text",
        tags=[kind.name],
    )
    def one(request: HttpRequest, response: HttpResponse, id: Path[UUID], asked: Query[schemas.OneAsked]) -> Any:
        if unknown := _unknown(request, asked):
            return unknown
        with translation.override(asked.language):
            page = resources.public(kind, asked.language).filter(translation_key=id).first()
            if page is None:
                return problem(404, "There is nothing public of this id in this language.")
            response["Last-Modified"] = http_date(page.changed.timestamp())
            return 200, resources.whole(kind, page)


def _unknown(request: HttpRequest, asked: Schema) -> HttpResponse | None:
    """A filter that is misspelt would else give everything."""
    faults = [(name, "There is no such filter.") for name in request.GET if name not in type(asked).model_fields]
    return problem(422, "What was asked for is not understood.", faults) if faults else None


def following(request: HttpRequest, last: Any) -> str:
    kept = request.GET.dict() | {"after": resources.mark_of(last)}
    return f"{settings.BASE_URL}{request.path}?{urlencode(kept)}"


for _kind in resources.KINDS:
    add(_kind)


@cache
def description() -> dict[str, Any]:
    """OpenAPI 3.1. Errors have a media type of their own, which the library does not say."""
    made: dict[str, Any] = dict(api.get_openapi_schema(path_prefix="/api/v1"))
    made["servers"] = [{"url": settings.BASE_URL}]
    made["info"] = {**made["info"], "license": {"name": "CC BY 4.0", "url": LICENCE}}
    for path in made["paths"].values():
        for operation in path.values():
            operation["responses"] = {str(status): answer for status, answer in operation["responses"].items()}
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    answer["content"] = {MEDIA_TYPE: answer["content"].pop("application/json")}
    return made
