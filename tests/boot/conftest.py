"""What holds for all tests of the boot."""

from harness.guard import heed_ctrl_c

heed_ctrl_c()


def pytest_collection_modifyitems(items):
    """The many short ones last: all cores end at about the same time."""
    items.sort(key=lambda item: item.path.stem == "test_matrix")
