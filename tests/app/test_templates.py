"""What holds for every template."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).parents[2] / "templates"
CLIPPED = re.compile(r'<button[^>]* class="hidden"[^>]*>')


def test_no_key_leads_to_a_button_that_only_enter_presses() -> None:
    found = [button for file in TEMPLATES.rglob("*.html") for button in CLIPPED.findall(file.read_text())]
    assert len(found) >= 4
    assert [button for button in found if 'tabindex="-1"' not in button] == []
