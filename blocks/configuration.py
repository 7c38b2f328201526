"""The configuration of a team, kept by the Prefect server for workers on any machine."""

from __future__ import annotations

from typing import Any

from prefect.blocks.core import Block
from pydantic import Field, ValidationError

from tasks.errors import ConfigurationError
from tasks.settings import Settings, home_folder


class MendflowConfiguration(Block):
    """What `config.yaml` holds, as a block: runs name it in their `configuration` parameter.

    It holds no secrets; the folder for history and caches stays each machine's own (MENDFLOW_HOME).
    """

    _block_type_name = "mendflow configuration"
    _block_type_slug = "mendflow-configuration"
    _description = "How mendflow generates and validates fixes: the keys of its config.yaml."

    document: dict[str, Any] = Field(
        default_factory=dict, description="The keys of config.yaml, e.g. {'unified_code_generation': {'attempts': 2}}."
    )

    def settings(self) -> Settings:
        """Raises ConfigurationError that names the first wrong key or value."""
        try:
            return Settings.model_validate({**self.document, "home": home_folder()})
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(str(part) for part in first["loc"])
            name = self._block_document_name or "unsaved"
            raise ConfigurationError(f"block mendflow-configuration/{name}: {key}: {first['msg']}") from None
