import json

import pytest
from ingest.events import count, events


def test_blank_lines():
    lines = ["\n", '{"type": "step"}\n', "  \r\n", "", '{"type": "step"}\n', "\n"]
    assert count(lines, "step") == 2


def test_broken_line_is_an_error():
    with pytest.raises(json.JSONDecodeError):
        list(events(['{"type": \n']))
