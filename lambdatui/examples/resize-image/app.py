"""S3 tells the function which object was put; the function makes a thumbnail of it.

Teaches the shape of an S3 event, and its one trap: the key is URL-encoded ("summer+photo.jpg" is "summer photo.jpg").
There is no bucket here, so the picture is drawn from its key instead of fetched; scaling it down and writing the PNG
is real work, in plain Python.

On its default event it answers:
    {"thumbnail": "thumbnails/summer photo-256.png", "width": 256, "height": 192}
"""

import json
import logging
import os
import struct
import time
import zlib
from urllib.parse import unquote_plus

logger = logging.getLogger()
logger.setLevel(logging.INFO)

WIDTH = int(os.environ.get("THUMBNAIL_WIDTH", "256"))


def handler(event, context):
    answers = [resize(record["s3"]) for record in event["Records"]]
    return answers[0] if len(answers) == 1 else answers


def resize(s3):
    bucket, key = s3["bucket"]["name"], unquote_plus(s3["object"]["key"])
    log("resizing", key, bucket=bucket, bytes=s3["object"].get("size", 0), width=WIDTH)
    started = time.perf_counter()
    picture = draw(key, 2 * WIDTH)
    log("read", key, width=2 * WIDTH, height=len(picture))
    rows = halve(picture)
    content = png(WIDTH, len(rows), rows)
    name = key.rpartition("/")[2].rpartition(".")[0] or key
    thumbnail = f"thumbnails/{name}-{WIDTH}.png"
    log("stored", thumbnail, bytes=len(content), ms=round((time.perf_counter() - started) * 1000, 1))
    return {"thumbnail": thumbnail, "bytes": len(content), "width": WIDTH, "height": len(rows)}


def draw(key, width):
    """A picture in grey, 4 to 3: rings around a place that depends on the key."""
    height = width * 3 // 4
    seed = zlib.crc32(key.encode())
    left, top = seed % width, (seed >> 8) % height
    distances = [(x - left) * (x - left) for x in range(width)]
    rings = bytes((ring * ring // 97) & 255 for ring in range(512))
    rows = []
    for y in range(height):
        down = (y - top) * (y - top)
        rows.append(bytes(rings[((across + down) >> 9) & 511] for across in distances))
    return rows


def halve(rows):
    """Half as wide and half as high: each point is the mean of four."""
    return [
        bytes((a + b + c + d) >> 2 for a, b, c, d in zip(above[::2], above[1::2], below[::2], below[1::2]))
        for above, below in zip(rows[::2], rows[1::2])
    ]


def png(width, height, rows):
    """The rows as a PNG file: a header, the pixels compressed, an end."""

    def chunk(kind, content):
        checked = kind + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), 6)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def log(what, key, **fields):
    """One line: words to read, then fields to search for."""
    logger.info("%s %s %s", what, key, json.dumps(fields))
