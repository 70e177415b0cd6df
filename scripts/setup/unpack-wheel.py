"""unpack-wheel.py WHEEL FOLDER PREFIX...: unpacks the members of a Python wheel whose names start with one of the prefixes."""

import os
import sys
import zipfile

wheel, folder, *prefixes = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for member in archive.infolist():
        if member.filename.startswith(tuple(prefixes)) and not member.is_dir():
            path = archive.extract(member, folder)
            os.chmod(path, 0o755 if (member.external_attr >> 16) & 0o100 else 0o644)
