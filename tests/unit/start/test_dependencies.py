"""What the script of a Gradle build names as its libraries."""

from pathlib import Path

from parity.start.dependencies import named_in


def test_libraries_are_found_on_lines_of_their_own_and_within_one(tmp_path: Path) -> None:
    (tmp_path / "build.gradle").write_text(
        "dependencies { implementation 'com.example:one:1'; api(\"com.example:two:2\") }\n"
        "dependencies {\n  runtimeOnly 'com.example:three:3'\n  // implementation 'a:left:1'\n}\n"
    )
    assert named_in(tmp_path) == ["com.example:one:1", "com.example:two:2", "com.example:three:3"]
