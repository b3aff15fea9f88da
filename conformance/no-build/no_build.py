"""Stands in for what builds Python packages, so that pip hands over a source distribution that nobody builds."""
import pathlib
import re


class NoBuild:
    """A class because backends that come with a package (Pillow's) derive from setuptools's."""

    def get_requires_for_build_wheel(self, config_settings=None):
        return []

    def prepare_metadata_for_build_wheel(self, metadata_directory, config_settings=None):
        """Writes no more of the metadata than pip asks for to see that it has the right package."""
        about = pathlib.Path("PKG-INFO").read_text("utf-8")
        name, version = (re.search(rf"^{key}: *(\S+)", about, re.MULTILINE)[1] for key in ("Name", "Version"))
        folder = pathlib.Path(metadata_directory, f"{re.sub('[-.]+', '_', name)}-{version}.dist-info")
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        (folder / "WHEEL").write_text("Wheel-Version: 1.0\n")
        return folder.name

    def build_wheel(self, wheel_directory, config_settings=None, metadata_directory=None):
        raise NotImplementedError("nothing is built here")


backend = NoBuild()
get_requires_for_build_wheel = backend.get_requires_for_build_wheel
prepare_metadata_for_build_wheel = backend.prepare_metadata_for_build_wheel
build_wheel = backend.build_wheel
