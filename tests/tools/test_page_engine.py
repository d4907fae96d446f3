"""Where the engine of the page cannot be had, a sentence says what and why."""

import pathlib
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
FETCH = ROOT / "tools/page/engine/fetch.sh"
BASICS = ("sh", "sed", "grep", "head", "tail", "cut", "mktemp", "rm", "mkdir",
          "sha256sum", "cp", "cat", "printf")


def fetch(tmp_path, source=""):
    """Run fetch.sh where nothing but basic commands is installed."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in BASICS:
        (tools / name).symlink_to(shutil.which(name))
    ended = subprocess.run(
        ["sh", FETCH, tmp_path / "out"], text=True, check=False,
        env={"PATH": str(tools), "BOCHS_SOURCE": str(source)},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
    return ended.returncode, ended.stdout


def test_no_apt(tmp_path):
    status, text = fetch(tmp_path)
    assert status == 1
    assert "without apt-get it cannot be fetched" in text
    assert "BOCHS_SOURCE=FILE make page-engine" in text
    assert not (tmp_path / "out").exists()


def test_wrong_archive(tmp_path):
    archive = tmp_path / "bochs.tar.xz"
    archive.write_text("not Bochs")
    status, text = fetch(tmp_path, archive)
    assert status == 1
    assert f"{archive} has the SHA-256 " in text and "fetch it again" in text
    assert not (tmp_path / "out").exists()


def test_no_archive(tmp_path):
    status, text = fetch(tmp_path, tmp_path / "none.tar.xz")
    assert status == 1
    assert f"there is no {tmp_path}/none.tar.xz" in text


def test_folder_is_copied(tmp_path):
    folder = tmp_path / "bochs"
    folder.mkdir()
    (folder / "configure").write_text("echo of another release\n")
    status, text = fetch(tmp_path, folder)
    assert status == 0
    assert "does not look like Bochs 3.0" in text
    assert (tmp_path / "out/configure").exists()
