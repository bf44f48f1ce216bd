"""What the harness brings with it cannot meet the classes of a project."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

from parity.sides.java.home import harness_jar

POM = Path("parity/harness/pom.xml")
SPACE = {"": "http://maven.apache.org/POM/4.0.0"}


def test_every_class_of_the_jar_is_in_a_package_of_parity() -> None:
    with zipfile.ZipFile(harness_jar()) as jar:
        classes = [name for name in jar.namelist() if name.endswith(".class")]
        services = [name for name in jar.namelist() if name.startswith("META-INF/services/")]
    assert len(classes) > 500
    assert [name for name in classes if not name.startswith("parity/")] == []
    assert services == []


def test_every_library_of_the_pom_is_relocated() -> None:
    pom = ElementTree.parse(POM).getroot()
    libraries = {
        dependency.findtext("artifactId", "", SPACE)
        for dependency in pom.iterfind("dependencies/dependency", SPACE)
        if dependency.findtext("scope", "compile", SPACE) != "test"
    }
    assert libraries == {
        "asm",
        "asm-tree",
        "asm-util",
        "aws-lambda-java-serialization",
        "pitest",
        "pitest-entry",
    }
    moved = {
        one.findtext("pattern", "", SPACE): one.findtext("shadedPattern", "", SPACE)
        for one in pom.iterfind(".//relocation", SPACE)
    }
    assert set(moved) >= {
        "org.objectweb.asm",
        "org.pitest",
        "com.amazonaws.services.lambda.runtime.serialization",
    }
    assert all(to.startswith("parity.harness.") for to in moved.values())


def test_no_relocated_name_is_left_in_a_class() -> None:
    with zipfile.ZipFile(harness_jar()) as jar:
        with_asm = [
            name
            for name in jar.namelist()
            if name.startswith("parity/harness/") and name.count("/") == 2
            if re.search(rb"org[/.]objectweb[/.]asm", jar.read(name))
        ]
    assert with_asm == []
