"""Images through Pillow: what they are, and a copy without the data cameras and programs put into them (Exif, XMP, IPTC)."""

from __future__ import annotations

import io
import warnings
from typing import Any

from PIL import Image, ImageOps, ImageSequence

from . import file_types

MAXIMUM_PIXELS = 80_000_000
MAXIMUM_FRAMES = 500
_FORMATS = {
    file_types.JPEG: "JPEG",
    file_types.PNG: "PNG",
    file_types.GIF: "GIF",
    file_types.WEBP: "WEBP",
    file_types.TIFF: "TIFF",
}
# What the picture itself needs; everything else an image carries beside its pixels stays behind.
_KEPT = ("transparency", "duration", "loop", "disposal", "background")


class UnreadableImageError(ValueError):
    """The image cannot be read; the message says why, in Japanese."""


def without_metadata(content: bytes, media_type: str) -> bytes:
    """
    Return the image written anew without its metadata, turned the way its Exif data said.

    Raises ``UnreadableImageError`` for a broken image, or one of more than 80 megapixels or 500 frames.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _rewrite(content, _FORMATS[media_type])
    except UnreadableImageError:
        raise
    except (OSError, ValueError, SyntaxError, EOFError, ArithmeticError) as error:
        raise UnreadableImageError("画像が壊れているか、途中で切れています。") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnreadableImageError("画像の縦横が大きすぎます。縮小してから登録してください。") from error


def _rewrite(content: bytes, wanted: str) -> bytes:
    with Image.open(io.BytesIO(content), formats=[wanted]) as image:
        frames = getattr(image, "n_frames", 1)
        if image.width * image.height * min(frames, 4) > MAXIMUM_PIXELS or frames > MAXIMUM_FRAMES:
            raise UnreadableImageError("画像の縦横が大きすぎます。縮小してから登録してください。")
        if frames > 1:
            return _write_frames(image, wanted)
        turned = ImageOps.exif_transpose(image)
        is_as_it_was = wanted == "JPEG" and image.getexif().get(0x0112, 1) == 1
        return _write(image if is_as_it_was else turned, wanted, keeps_quality=is_as_it_was)


def _write(image: Image.Image, wanted: str, *, keeps_quality: bool) -> bytes:
    image.load()
    _forget(image)
    options: dict[str, Any] = {}
    if wanted == "JPEG":
        options["quality"] = "keep" if keeps_quality else 92
    elif wanted == "WEBP":
        options["quality"] = 90
    target = io.BytesIO()
    image.save(target, format=wanted, icc_profile=None, **options)
    return target.getvalue()


def _write_frames(image: Image.Image, wanted: str) -> bytes:
    frames = [frame.copy() for frame in ImageSequence.Iterator(image)]
    for frame in frames:
        _forget(frame)
    target = io.BytesIO()
    frames[0].save(target, format=wanted, save_all=True, append_images=frames[1:], icc_profile=None)
    return target.getvalue()


def _forget(image: Image.Image) -> None:
    kept = {name: image.info[name] for name in _KEPT if name in image.info}
    image.info.clear()
    image.info.update(kept)
    image.getexif().clear()
