"""Reads the project as it lies on disk: one file of examples, and one of responses, for each skill.

``data/responses/*.yml`` is merged into the domain, and every example remembers the skill (its
file in ``data/nlu``) and the variety it was written in.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import rasa.shared.data
from rasa.shared.core.domain import Domain, InvalidDomain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.exceptions import RasaException
from rasa.shared.importers import utils
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_model_configuration, read_yaml_file


class ProjectError(RasaException):
    """The project's files do not fit together; says which file and what to do."""


class SkillImporter(TrainingDataImporter):
    """The importer named in config.yml; ``data/`` is looked for beside the domain."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
    ) -> None:
        self._config_file = config_file
        self._domain_path = Path(domain_path or "domain.yml")
        given = training_data_paths or str(self._domain_path.parent / "data")
        self._data = [Path(path) for path in ([given] if isinstance(given, str) else given)]

    def get_config(self) -> dict:
        """The model configuration."""
        return read_model_configuration(self._config_file) if self._config_file else {}

    def get_config_file_for_auto_config(self) -> str | None:
        """The configuration is complete as written; Rasa asks for its file all the same."""
        return self._config_file

    @cached_property
    def _domain(self) -> Domain:
        """The domain with all responses. Raises ProjectError for a response that is told twice."""
        domain = Domain.load(str(self._domain_path))
        origin = dict.fromkeys(domain.responses, self._domain_path)
        for path in self._files("responses"):
            content = read_yaml_file(str(path))
            responses = content.get("responses") if isinstance(content, dict) else None
            if not isinstance(responses, dict):
                raise ProjectError(f"{path}: expected a mapping `responses:` with utterances in it")
            for name in responses:
                if name in origin:
                    raise ProjectError(
                        f"{path}: response '{name}' stands in {origin[name]} too: keep one of them"
                    )
                origin[name] = path
            try:
                domain = domain.merge(Domain.from_dict({"responses": dict(responses)}))
            except InvalidDomain as error:
                raise ProjectError(f"{path}: {error}") from error
        return domain

    def get_domain(self) -> Domain:
        """The domain with all responses. Raises ProjectError for a response that is told twice."""
        return self._domain

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """Rules and stories."""
        files = [str(path) for folder in ("rules", "stories") for path in self._files(folder)]
        return utils.story_graph_from_paths(files, self.get_domain(), exclusion_percentage)

    def get_conversation_tests(self) -> StoryGraph:
        """Test stories, where there are any."""
        files = rasa.shared.data.get_data_files(
            [str(path) for path in self._data], YAMLStoryReader.is_test_stories_file
        )
        return utils.story_graph_from_paths(files, self.get_domain())

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """All examples, each marked with its skill and variety."""
        return self._nlu_data

    @cached_property
    def _nlu_data(self) -> TrainingData:
        # Asked for three times in a training; merged at once, as each merging copies all there is.
        read = []
        for path in self._files("nlu"):
            data = utils.training_data_from_paths([str(path)], "nb")
            for message in data.training_examples:
                message.set("skill", path.stem)
                marks = (message.get("metadata") or {}).get("intent") or {}
                message.set("variety", marks.get("variety", "unknown"))
            read.append(data)
        return TrainingData().merge(*read)

    def _files(self, folder: str) -> list[Path]:
        return sorted(path for data in self._data for path in (data / folder).glob("*.yml"))


def skills_of(nlu_folder: Path) -> dict[str, list[str]]:
    """Skill -> its intents, from the file names in ``data/nlu``."""
    found: dict[str, Any] = {}
    for path in sorted(nlu_folder.glob("*.yml")):
        items = read_yaml_file(str(path)).get("nlu") or []
        found[path.stem] = sorted({item["intent"] for item in items if "intent" in item})
    return found
