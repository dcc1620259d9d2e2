"""Pictures on public pages: how wide they are shown, the files kept for it, and the markup that lets a browser choose among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from wagtail.images.models import SourceImageIOError
from wagtail.models import Page, ReferenceIndex

from base.models import Rendition, SiteImage
from base.remembered import remember
from base.tasks import enqueue

if TYPE_CHECKING:
    from collections.abc import Iterable

# What a browser is offered, best first.
FORMATS = {"avif": "image/avif", "webp": "image/webp"}
# Drawings keep sharp edges and clear parts in the format that they came in.
DRAWN = (".png", ".gif")


@dataclass(frozen=True)
class Shape:
    """A place for pictures. `widths` are those of the files in pixels, `sizes` tells browsers how wide the place is; `ratio` crops around the focal
    point, None shows the whole picture."""

    widths: tuple[int, ...]
    sizes: str
    ratio: tuple[int, int] | None = None

    def widths_of(self, image: SiteImage) -> list[int]:
        """Those that the picture can fill, and one more for all that it has: nothing is blown up."""
        broad = image.width if self.ratio is None else min(image.width, image.height * self.ratio[0] // self.ratio[1])
        return [width for width in self.widths if width < broad] + [width for width in self.widths if width >= broad][:1]

    def spec(self, width: int, form: str) -> str:
        cut = f"width-{width}" if self.ratio is None else f"fill-{width}x{round(width * self.ratio[1] / self.ratio[0])}"
        return f"{cut}|format-{form}"

    def fallback(self, image: SiteImage) -> str:
        """One file for a browser that knows neither of the formats."""
        widths = self.widths_of(image)
        return self.spec(widths[min(1, len(widths) - 1)], "png" if image.filename.lower().endswith(DRAWN) else "jpeg")

    def specs(self, image: SiteImage) -> list[str]:
        return [*(self.spec(width, form) for form in FORMATS for width in self.widths_of(image)), self.fallback(image)]


# By the frame of `layout.css`: 92vw is the screen without the page's gutters.
SHAPES = {
    "hero": Shape((480, 720, 960, 1400, 1920), "(min-width: 82rem) 61rem, (min-width: 64rem) calc(92vw - 15rem), 92vw"),
    "wide": Shape((400, 700, 1000, 1400, 1800), "(min-width: 61rem) 56rem, 92vw"),
    "figure": Shape((400, 700, 1000, 1350), "(min-width: 46rem) 42rem, 92vw"),
    "half": Shape((300, 500, 700, 900), "(min-width: 48rem) 27rem, 92vw"),
    "lead": Shape((480, 720, 1080, 1350), "(min-width: 82rem) 42rem, (min-width: 60rem) 50vw, 92vw", (3, 2)),
    "row": Shape((120, 240, 360, 480), "(min-width: 48rem) 11rem, 6rem", (3, 2)),
}
# Where a page's main picture stands beside its own head.
IN_LISTS = ("lead", "row")


def shown(image: SiteImage | None, shape: str, *, alt: str | None = None, is_first: bool = False) -> SafeString:
    """The picture's markup; "" where there is none, or where its file is gone. `alt` None takes what its block says.

    `is_first` is for the one picture that the reader sees at once. Makes the files that are missing; else one query, or none when the
    picture came with its renditions. Remembered: to find ten files among those of a picture takes longer than the rest of a row in a list.
    """
    if image is None:
        return SafeString("")
    said = alt if alt is not None else Rendition(image=image).alt
    focus = (image.focal_point_x, image.focal_point_y, image.focal_point_width, image.focal_point_height)
    # Whoever read the picture before a change of it does not leave the old files to those who read it after.
    key = ("picture", image.pk, image.file.name, focus, shape, said, is_first)
    return remember(key, lambda: _markup(image, SHAPES[shape], said, is_first))


def _markup(image: SiteImage, place: Shape, alt: str, is_first: bool) -> SafeString:
    try:
        files = image.get_renditions(*place.specs(image))
    except SourceImageIOError:
        return SafeString("")
    sources = format_html_join("", "<source{}>", ((flatatt(_source(place, image, files, form)),) for form in FORMATS))
    fallback = files[place.fallback(image)]
    how = {"fetchpriority": "high"} if is_first else {"loading": "lazy", "decoding": "async"}
    attributes = {"src": fallback.url, "width": fallback.width, "height": fallback.height, "alt": alt, **how}
    return format_html("<picture>{}<img{}></picture>", sources, flatatt(attributes))


def _source(place: Shape, image: SiteImage, files: dict[str, Rendition], form: str) -> dict[str, str]:
    found = [files[place.spec(width, form)] for width in place.widths_of(image)]
    return {"type": FORMATS[form], "srcset": ", ".join(f"{file.url} {file.width}w" for file in found), "sizes": place.sizes}


def load_pictures(pages: Iterable[Any], shape: str = "row") -> None:
    """Gives pages their main pictures with the files for the shape: two queries, whatever the number of pages."""
    wanted = [page for page in pages if getattr(page, "picture_id", None)]
    if wanted:
        specs = [SHAPES[shape].spec(width, form) for form in (*FORMATS, "png", "jpeg") for width in SHAPES[shape].widths]
        library: Any = SiteImage.objects
        found = library.prefetch_renditions(*specs).in_bulk({page.picture_id for page in wanted})
        for page in wanted:
            page.picture = found.get(page.picture_id)


# ---- before a visitor asks
def make_files(pk: int) -> None:
    """For the worker: the files that live pages show of a picture, by rendering them, and those of lists."""
    from base.gate.subject import render

    image = SiteImage.objects.filter(pk=pk).first()
    if image is None:
        return
    places = ReferenceIndex.get_references_to(image).filter(base_content_type=ContentType.objects.get_for_model(Page))
    pages = Page.objects.live().filter(pk__in=[int(number) for number in places.values_list("object_id", flat=True)]).specific()
    for page in pages:
        render(page)
    if any(getattr(page, "picture_id", None) == pk for page in pages):
        image.get_renditions(*{spec for name in IN_LISTS for spec in SHAPES[name].specs(image)})


def make_files_of_published(sender: type, instance: Any, **kwargs: object) -> None:
    """The publication gate has rendered the page already: what is missing is the lists' share."""
    if getattr(instance, "picture_id", None):
        enqueue("base.pictures.make_files", instance.picture_id)


def make_files_of_changed(sender: type, instance: SiteImage, **kwargs: object) -> None:
    """A new focal point or another file: the old files are not used any more."""
    if instance.pk:
        enqueue("base.pictures.make_files", instance.pk)
