"""Loads COCO files as their users do. stdin: list of paths; stdout: for each the annotations as pycocotools sees them."""

import contextlib
import json
import os
import sys

from pycocotools import mask
from pycocotools.coco import COCO

answer = []
for path in json.load(sys.stdin):
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):  # COCO() prints
        coco = COCO(path)
    annotations = []
    for annotation in coco.loadAnns(coco.getAnnIds()):
        rle = coco.annToRLE(annotation)
        annotations.append(
            {
                "id": annotation["id"],
                "pixels": int(coco.annToMask(annotation).sum()),
                "area": annotation["area"],
                "computedArea": int(mask.area(rle)),
                "bbox": annotation["bbox"],
                "computedBbox": [float(v) for v in mask.toBbox(rle)],
                "counts": rle["counts"] if isinstance(rle["counts"], str) else rle["counts"].decode(),
            }
        )
    answer.append({"images": len(coco.imgs), "categories": len(coco.cats), "annotations": annotations})
json.dump(answer, sys.stdout)
