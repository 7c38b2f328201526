"""Load YAML without building arbitrary objects.

What it does
    Turns `yaml.load(x)` and `yaml.load(x, Loader=yaml.Loader)` (also `UnsafeLoader` and `FullLoader`), as well as
    `yaml.unsafe_load` and `yaml.full_load`, into `yaml.safe_load(x)`; the `_all` forms likewise.

Why it matters
    The full loaders construct Python objects that the document names, which lets its author run code.

Example
    Before: yaml.load(text, Loader=yaml.Loader)
    After:  yaml.safe_load(text)

When it does not apply
    A safe loader or one of the project's own is passed.

Fix safety
    hardening: documents with `!!python/...` tags raise `ConstructorError`.

References
    CWE-502; https://pyyaml.org/wiki/PyYAMLDocumentation
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import argument, has_star, without_argument
from tasks.models import Domain

UNSAFE_LOADERS = {f"yaml.{name}" for name in ("Loader", "UnsafeLoader", "FullLoader", "CLoader", "CFullLoader")}
SAFE_CALL = {
    "yaml.load": "yaml.safe_load",
    "yaml.load_all": "yaml.safe_load_all",
    "yaml.unsafe_load": "yaml.safe_load",
    "yaml.unsafe_load_all": "yaml.safe_load_all",
    "yaml.full_load": "yaml.safe_load",
    "yaml.full_load_all": "yaml.safe_load_all",
}


class SafeYamlLoad(Codemod):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        target = self.calls(original_node, SAFE_CALL)
        if target is None or has_star(original_node) or not original_node.args:
            return updated_node
        loader = argument(original_node, 1, "Loader")
        if loader is not None and not self.qualified(loader.value) & UNSAFE_LOADERS:
            return updated_node
        func = self.name_for(SAFE_CALL[target])
        if not self.accept(original_node, "replaced a YAML loader that builds arbitrary objects"):
            return updated_node
        given = argument(updated_node, 1, "Loader")
        call = without_argument(updated_node, given) if given else updated_node
        return call.with_changes(func=func)


RULE = Rule(
    id="safe_yaml_load",
    title="Load YAML without building arbitrary objects",
    domain=Domain.SECURITY,
    safety="hardening",
    transformer=SafeYamlLoad,
    hints=("yaml",),
    cwe=(502,),
    bandit=("B506",),
    ruff=("S506",),
    codeql=("py/unsafe-deserialization",),
    exceptions=("ConstructorError",),
    words=("yaml", "deserial", "remote code execution"),
)

VALID = (
    "import yaml\nyaml.load(x, Loader=yaml.SafeLoader)\n",
    "import yaml\nfrom app import OwnLoader\nyaml.load(x, OwnLoader)\n",
    "import yaml\nyaml.safe_load(x)\n",
)
INVALID = (
    ("import yaml\nyaml.load(x)\n", "import yaml\nyaml.safe_load(x)\n"),
    ("import yaml as y\ny.load(x, Loader=y.Loader)\n", "import yaml as y\ny.safe_load(x)\n"),
    ("from yaml import Loader, load\ndata = load(x, Loader)\n", "import yaml\ndata = yaml.safe_load(x)\n"),
    ("import yaml\nyaml.full_load_all(x)\n", "import yaml\nyaml.safe_load_all(x)\n"),
)
