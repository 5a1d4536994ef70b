"""Words of ours in letters that no model lists: names of facts, values, time zones. All other words are collected."""

from __future__ import annotations

FACTS = (
    "actions",
    "before",
    "budget_left",
    "closes",
    "cost",
    "could",
    "criteria",
    "dates_on_which_somebody_does_not_work",
    "days",
    "ends",
    "evidence",
    "found",
    "goals",
    "hours",
    "hours_left",
    "last_day",
    "leads_to",
    "levels",
    "link",
    "matching",
    "may_be_added",
    "more_pairs",
    "not_accepted",
    "objection",
    "pairs",
    "part",
    "passed_over",
    "pattern",
    "person",
    "placement",
    "proposal",
    "questions",
    "reason",
    "reasons",
    "refused",
    "rules",
    "salary",
    "score",
    "session",
    "settled_by_the_order_of_ids",
    "skills",
    "stage",
    "starts",
    "starts_on",
    "stays_open",
    "taken",
    "title",
    "training",
    "trainings",
    "weeks",
    "why",
    "without_a_mentor",
)
"""Names of facts of tasks, beside the names of the fields of forms."""

VALUES = ("yes", "no", "none")

ZONES = ("CET", "CEST")
"""Abbreviations of time zones that readers of other languages know by others."""
