"""Makes tiny wheels of the names and layout the set-up takes libtorch from, and the requirements
file that pins them. Run: setup-wheels.py FOLDER REQUIREMENTS [NAME-OF-A-FILE-TO-FALSIFY].
"""

import base64
import hashlib
import os
import sys
import zipfile

VERSION_H = "#pragma once\n#define TORCH_VERSION \\\n  \"2.13.0\"\n"

WHEELS = {
    ("torch", "2.13.0", "cp312-cp312-manylinux_2_28_x86_64"): {
        "torch/lib/libtorch_cpu.so": "cpu" * 1000,
        "torch/lib/libc10.so": "c10",
        "torch/lib/libgomp.so.1": "gomp",
        "torch/lib/libtorch_cuda.so": "not wanted",
        "torch/include/torch/csrc/api/include/torch/torch.h": "#pragma once\n",
        "torch/include/torch/headeronly/version.h": VERSION_H,
        "torch-2.13.0.dist-info/licenses/LICENSE": "a licence",
    },
    ("nvidia_cuda_runtime", "13.0.96", "py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64"): {
        "nvidia/cu13/lib/libcudart.so.13": "cudart",
        "nvidia_cuda_runtime-13.0.96.dist-info/licenses/License.txt": "a licence",
    },
    ("nvidia_cuda_cupti", "13.0.85", "py3-none-manylinux_2_25_x86_64"): {
        "nvidia/cu13/lib/libcupti.so.13": "cupti",
        "nvidia_cuda_cupti-13.0.85.dist-info/licenses/License.txt": "a licence",
    },
}


def write_wheel(path, project, version, tag, files, falsified):
    info = "%s-%s.dist-info" % (project, version)
    tags = ["Tag: py3-none-" + part for part in tag.split("-")[-1].split(".")]
    files = {
        **files,
        info + "/METADATA": "Metadata-Version: 2.1\nName: %s\nVersion: %s\n" % (project, version),
        info + "/WHEEL": "\n".join(["Wheel-Version: 1.0", "Root-Is-Purelib: false", *tags, ""]),
    }
    record = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        for name, text in files.items():
            promised = text + "!" if name == falsified else text
            digest = hashlib.sha256(promised.encode()).digest()
            digest = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            record.append("%s,sha256=%s,%d" % (name, digest, len(text)))
            wheel.writestr(name, text)
        wheel.writestr(info + "/RECORD", "\n".join([*record, info + "/RECORD,,", ""]))


def main(folder, requirements, falsified=None):
    os.makedirs(folder, exist_ok=True)
    lines = []
    for (project, version, tag), files in WHEELS.items():
        path = os.path.join(folder, "%s-%s-%s.whl" % (project, version, tag))
        write_wheel(path, project, version, tag, files, falsified)
        with open(path, "rb") as file:
            digest = hashlib.sha256(file.read()).hexdigest()
        lines.append("%s==%s --hash=sha256:%s\n" % (project, version, digest))
    with open(requirements, "w", encoding="utf-8") as file:
        file.writelines(lines)


main(*sys.argv[1:])
