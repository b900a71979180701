"""Cuts a libtorch folder out of wheels: takes the files a plan names, holds each against its
wheel's RECORD, and writes a manifest of what it made. Prints the bytes done so far, a line each.
In: a folder of wheels and a plan {version, take: {wheel: {path or "folder/": to}}, write: {to: text}}.
"""

import argparse
import base64
import csv
import hashlib
import io
import json
import os
import sys
import zipfile

CHUNK = 1 << 20
REPORT_EVERY = 16 << 20

# Whoever started us may be killed without a word; then nobody wants the rest.
PARENT = os.getppid()


class Refused(Exception):
    """A wheel that is not what it should be, in one sentence."""


class Unpacking:
    """One run: where it writes to, what it wrote, how far it is."""

    def __init__(self, to):
        self.to = to
        self.files = {}
        self.done = 0
        self.reported = 0

    def save(self, name, chunks):
        """Writes one file and notes it in the manifest; returns its digest."""
        path = os.path.join(self.to, *name.split("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        digest = hashlib.sha256()
        size = 0
        with open(path, "wb") as file:
            for chunk in chunks:
                file.write(chunk)
                digest.update(chunk)
                size += len(chunk)
                self.report(len(chunk))
        self.files[name] = {"bytes": size}
        if name.startswith("lib/"):
            self.files[name]["sha256"] = digest.hexdigest()
        return digest.digest()

    def report(self, size):
        if os.getppid() != PARENT:
            sys.exit(1)
        self.done += size
        if self.done - self.reported >= REPORT_EVERY:
            self.reported = self.done
            print(self.done, flush=True)


def find_wheel(folder, project):
    found = [name for name in os.listdir(folder) if name.startswith(project + "-") and name.endswith(".whl")]
    if len(found) != 1:
        raise Refused("%d wheels of %s instead of one" % (len(found), project))
    return os.path.join(folder, found[0])


def read_record(wheel):
    """The digests a wheel promises, by file name."""
    name = next((name for name in wheel.namelist() if name.endswith(".dist-info/RECORD")), None)
    if name is None:
        raise Refused("%s has no RECORD" % os.path.basename(wheel.filename))
    rows = csv.reader(io.StringIO(wheel.read(name).decode("utf-8")))
    return {row[0]: row[1] for row in rows if len(row) == 3 and row[1]}


def destination(name, take):
    """Where a file of the wheel goes, or None for the files nobody asked for."""
    if name in take:
        return take[name]
    for start, to in take.items():
        if start.endswith("/") and name.startswith(start):
            return to + name[len(start) :]
    return None


def chunks_of(file):
    return iter(lambda: file.read(CHUNK), b"")


def unpack(path, take, unpacking):
    with zipfile.ZipFile(path) as wheel:
        promised = read_record(wheel)
        wanted = set(take)
        for info in wheel.infolist():
            to = None if info.is_dir() else destination(info.filename, take)
            if to is None:
                continue
            if ".." in to.split("/"):
                raise Refused("%s points out of its wheel" % info.filename)
            with wheel.open(info) as file:
                digest = unpacking.save(to, chunks_of(file))
            found = "sha256=" + base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
            if promised.get(info.filename) != found:
                raise Refused(
                    "%s is not what the RECORD of %s says" % (info.filename, os.path.basename(path))
                )
            wanted -= {start for start in wanted if info.filename.startswith(start)}
    if wanted:
        raise Refused("%s has no %s" % (os.path.basename(path), sorted(wanted)[0]))


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    for name in ("plan", "wheels", "to", "manifest"):
        arguments.add_argument("--" + name, required=True)
    options = arguments.parse_args()
    plan = json.loads(options.plan)
    unpacking = Unpacking(options.to)
    for project, take in plan["take"].items():
        unpack(find_wheel(options.wheels, project), take, unpacking)
    for name, text in plan["write"].items():
        unpacking.save(name, [text.encode("utf-8")])
    with open(os.path.join(options.to, options.manifest), "w", encoding="utf-8") as file:
        json.dump({"version": plan["version"], "files": unpacking.files}, file, indent=1)


if __name__ == "__main__":
    try:
        main()
    except (Refused, OSError, zipfile.BadZipFile) as error:
        sys.exit("%s" % error)
