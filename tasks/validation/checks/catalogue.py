"""Which checks make up each level. ruff's rules are joined to them by the pipeline, see `ruff.py`."""

from __future__ import annotations

from tasks.models import Level
from tasks.validation.change import ChangeCheck, FileCheck
from tasks.validation.checks.best_practices.gutted_body import check_gutted_body
from tasks.validation.checks.best_practices.leftovers import check_leftovers
from tasks.validation.checks.best_practices.placeholder import check_placeholder
from tasks.validation.checks.best_practices.size import check_size
from tasks.validation.checks.best_practices.special_case import check_special_case, check_test_detection
from tasks.validation.checks.best_practices.swallowed_exception import check_swallowed_exception
from tasks.validation.checks.best_practices.upkeep import check_upkeep
from tasks.validation.checks.best_practices.weakened_test import check_weakened_test
from tasks.validation.checks.patterns.house_ways import check_house_ways
from tasks.validation.checks.patterns.naming import check_naming
from tasks.validation.checks.patterns.team import check_team_rules
from tasks.validation.checks.performance.complexity import check_complexity
from tasks.validation.checks.performance.endless_loop import check_endless_loop
from tasks.validation.checks.performance.io_in_loop import check_io_in_loop
from tasks.validation.checks.performance.quadratic import check_quadratic
from tasks.validation.checks.security.bandit import check_bandit
from tasks.validation.checks.security.credentials import check_credentials
from tasks.validation.checks.security.cryptography import check_cryptography
from tasks.validation.checks.security.dependencies import check_dependencies
from tasks.validation.checks.security.deserialization import check_deserialization
from tasks.validation.checks.security.injection import check_injection
from tasks.validation.checks.security.permissions import check_permissions
from tasks.validation.checks.security.randomness import check_randomness
from tasks.validation.checks.security.slow_regex import check_slow_regex
from tasks.validation.checks.security.surface import check_surface
from tasks.validation.checks.security.tokens import check_tokens
from tasks.validation.checks.security.transport import check_transport
from tasks.validation.checks.security.web import check_web
from tasks.validation.checks.security.xml_entities import check_xml_entities
from tasks.validation.checks.syntax.arity import check_arity
from tasks.validation.checks.syntax.data_files import check_data_files
from tasks.validation.checks.syntax.file_form import check_file_form
from tasks.validation.checks.syntax.other_languages import check_other_languages
from tasks.validation.checks.syntax.parses import check_parses
from tasks.validation.checks.syntax.scripts import check_dockerfile, check_shell
from tasks.validation.checks.syntax.sql_files import check_sql_files
from tasks.validation.checks.syntax.unreachable import check_unreachable

FILE_CHECKS: dict[Level, tuple[FileCheck, ...]] = {
    Level.SYNTAX: (
        check_parses,
        check_arity,
        check_unreachable,
        check_data_files,
        check_sql_files,
        check_shell,
        check_dockerfile,
        check_other_languages,
    ),
    Level.PATTERNS: (check_team_rules,),
    Level.SECURITY: (
        check_bandit,
        check_injection,
        check_transport,
        check_tokens,
        check_cryptography,
        check_randomness,
        check_credentials,
        check_xml_entities,
        check_deserialization,
        check_permissions,
        check_web,
        check_slow_regex,
    ),
    Level.PERFORMANCE: (check_quadratic, check_io_in_loop, check_endless_loop),
    Level.BEST_PRACTICES: (check_placeholder, check_swallowed_exception, check_test_detection, check_leftovers),
}
CHANGE_CHECKS: dict[Level, tuple[ChangeCheck, ...]] = {
    Level.SYNTAX: (check_file_form,),
    Level.PATTERNS: (check_naming, check_house_ways),
    Level.SECURITY: (check_dependencies, check_surface),
    Level.PERFORMANCE: (check_complexity,),
    Level.BEST_PRACTICES: (check_gutted_body, check_weakened_test, check_special_case, check_size, check_upkeep),
}
