"""Pictures fitted to each network: within its bytes and pixels, upright, without what a camera wrote into the file."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image, ImageOps

from social.networks.wire import Picture

if TYPE_CHECKING:
    from collections.abc import Mapping

    from base.models import SiteImage

QUALITIES = (88, 80, 70, 60, 45)
SMALLEST = 200


@dataclass(frozen=True)
class Frame:
    most_bytes: int
    longest_side: int
    most_pixels: int


# docs.x.com (media), docs.joinmastodon.org (defaults), app.bsky.embed.images (lexicon), learn.microsoft.com/linkedin (Images API).
FRAMES = {
    "x": Frame(5_000_000, 4096, 16_000_000),
    "mastodon": Frame(8_000_000, 3840, 8_294_400),
    "bluesky": Frame(1_000_000, 2000, 4_000_000),
    "linkedin": Frame(8_000_000, 4320, 16_000_000),
}


def frame_of(network: str, limits: Mapping[str, int] | None = None) -> Frame:
    frame, told = FRAMES[network], limits or {}
    most_bytes = min(frame.most_bytes, told.get("picture_bytes", frame.most_bytes))
    return Frame(most_bytes, frame.longest_side, min(frame.most_pixels, told.get("picture_pixels", frame.most_pixels)))


def fitted(image: SiteImage, alt: str, frame: Frame) -> Picture:
    """A JPEG; the larger the better within the frame. Raises ValueError where no size of it fits, OSError for a file that is none."""
    with image.file.open("rb") as file, Image.open(file) as opened:
        opened.draft("RGB", (frame.longest_side, frame.longest_side))
        whole = ImageOps.exif_transpose(opened)
        picture = _on_white(whole)
    scale = min(1.0, frame.longest_side / max(picture.size), (frame.most_pixels / (picture.width * picture.height)) ** 0.5)
    while min(picture.size) * scale >= 1:
        sized = (
            picture
            if scale == 1
            else picture.resize((max(1, int(picture.width * scale)), max(1, int(picture.height * scale))), Image.Resampling.LANCZOS)
        )
        for quality in QUALITIES:
            made = BytesIO()
            sized.save(made, "JPEG", quality=quality, optimize=True, progressive=True)
            if made.tell() <= frame.most_bytes:
                return Picture(made.getvalue(), "image/jpeg", alt, *sized.size)
        scale *= 0.75
        if max(picture.size) * scale < SMALLEST:
            break
    raise ValueError("no size of the picture fits")


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        ground = Image.new("RGB", clear.size, "#ffffff")
        ground.paste(clear, mask=clear.getchannel("A"))
        return ground
    return picture.convert("RGB")
