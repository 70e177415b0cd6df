"""What pycocotools makes of polygons and masks. stdin: {"polygons": [...], "masks": [...]}, stdout: the same lists."""

import json
import sys

import numpy
from pycocotools import mask as coco


def uncompressed(rle):
    # pycocotools has no way to ask for the counts: decode and count.
    pixels = coco.decode(rle).reshape(-1, order="F")
    edges = numpy.flatnonzero(numpy.diff(numpy.concatenate([[0], pixels]))) if pixels.size else []
    return [int(n) for n in numpy.diff(numpy.concatenate([[0], edges, [pixels.size]]))]


def describe(rle):
    return {
        "counts": rle["counts"].decode(),
        "uncompressed": uncompressed(rle),
        "area": int(coco.area(rle)),
        "box": [float(v) for v in coco.toBbox(rle)],
    }


request = json.load(sys.stdin)
answer = {
    "polygons": [
        describe(coco.merge(coco.frPyObjects(case["rings"], case["height"], case["width"])))
        for case in request["polygons"]
    ],
    "masks": [describe(coco.frPyObjects(mask, *mask["size"])) for mask in request["masks"]],
    "overlaps": [
        float(coco.iou([coco.frPyObjects(a, *a["size"])], [coco.frPyObjects(b, *b["size"])], [0])[0][0])
        for a, b in request["pairs"]
    ],
}
json.dump(answer, sys.stdout)
