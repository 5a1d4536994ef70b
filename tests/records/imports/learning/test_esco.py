"""Importing what roles ask for from ESCO's files, as they are published."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from domain.core.skills import RequiredSkill
from records.database import Database
from records.imports.learning.esco import read_esco
from records.queries.learning import learning
from tests.records.imports.learning.learning_files import ESCO, OCCUPATION, OTHER, asked, esco_file, store
from tests.records.imports.problems import said

RELATIONS = "occupationUri,relationType,skillType,skillUri"


def esco_skills(tmp_path: Path) -> Path:
    return esco_file(
        tmp_path / "skills_en.csv",
        "conceptType,conceptUri,skillType,preferredLabel,altLabels",
        f'KnowledgeSkillCompetence,{ESCO}/skill/s1,knowledge,SQL,"structured\nquery language"',
        f"KnowledgeSkillCompetence,{ESCO}/skill/s2,skill/competence,manage musical staff,",
        f"KnowledgeSkillCompetence,{ESCO}/skill/s3,skill/competence,sql,",
    )


def test_esco_is_read_as_it_is_published(tmp_path: Path, database: Database) -> None:
    # Given relations in no order, and the labels in their own files
    relations = esco_file(
        tmp_path / "occupationSkillRelations_en.csv",
        RELATIONS,
        f"{OCCUPATION},optional,knowledge,{ESCO}/skill/s1",
        f"{OTHER},essential,knowledge,{ESCO}/skill/s1",
        f"{OCCUPATION},essential,skill/competence,{ESCO}/skill/s2",
        f"{OCCUPATION},essential,skill/competence,{ESCO}/skill/s3",
    )
    occupations = esco_file(
        tmp_path / "occupations_en.csv",
        "conceptType,conceptUri,iscoGroup,preferredLabel",
        f"Occupation,{OCCUPATION},2166,technical director",
        f"Occupation,{OTHER},8121,metal drawing machine operator",
    )
    report = read_esco(relations, occupations=occupations, skills=esco_skills(tmp_path))
    assert report.clean
    assert store(database, report) == "profiles: 2 added"
    # then essential is mandatory, with the documented level and importance; the stronger of two same names counts
    with database.reading() as session:
        director = learning.profile(session, "00030D09-2B3A-4EFD-87CC-C4EA39D27C34")
    assert (director.title, director.source) == ("technical director", "esco")
    assert asked(director) == {"manage musical staff": ("4.00", "4.00", True), "sql": ("4.00", "4.00", True)}
    assert report.notes[0].startswith("ESCO publishes no levels: every skill is asked for at level 4")
    assert report.notes[1] == "1 row left out: what repeats a skill of the same occupation"


def test_labels_within_escos_relations_do_as_well(tmp_path: Path) -> None:
    relations = esco_file(
        tmp_path / "relations.csv",
        "occupationUri,occupationLabel,relationType,skillType,skillUri,skillLabel",
        f"{OCCUPATION},technical director,optional,knowledge,{ESCO}/skill/s1,theatre techniques",
    )
    (imported,) = read_esco(relations).profiles
    assert (imported.title, imported.skills) == (
        "technical director",
        [RequiredSkill(skill="theatre techniques", level=Decimal(4), importance=Decimal(2), mandatory=False)],
    )


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (f"{OCCUPATION},needed,knowledge,{ESCO}/skill/s1", "row 2, relationType: must be essential or optional"),
        (f"{OCCUPATION},optional,knowledge,{ESCO}/skill/s9", "row 2, skillUri: is not in the file of skills"),
        (f"{ESCO}/occupation/x,optional,knowledge,{ESCO}/skill/s1", "row 2, occupationUri: must end with the"),
        (f"{OCCUPATION},optional", "row 2: has not as many cells as the header"),
    ],
)
def test_a_bad_row_of_esco_refuses_its_occupation(tmp_path: Path, row: str, problem: str) -> None:
    good = f"{OTHER},essential,knowledge,{ESCO}/skill/s1"
    report = read_esco(esco_file(tmp_path / "r.csv", RELATIONS, row, good), skills=esco_skills(tmp_path))
    assert [sentence[: len(problem)] for sentence in said(report)][:1] == [problem]
    assert [imported.id for imported in report.profiles] == [OTHER.rpartition("/")[2].upper()]


def test_relations_without_names_ask_for_the_file_of_skills(tmp_path: Path) -> None:
    report = read_esco(esco_file(tmp_path / "r.csv", RELATIONS, f"{OCCUPATION},optional,knowledge,{ESCO}/skill/s1"))
    assert said(report) == [
        "r.csv, column skillLabel: is missing, so the skills have no names, which skills_en.csv has"
    ]
