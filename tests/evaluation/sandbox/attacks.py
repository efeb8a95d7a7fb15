"""All attacks by name."""

from tests.evaluation.sandbox import attacks_leaving, attacks_reaching, attacks_taking

ATTACKS = {one.name: one for one in (*attacks_taking.ATTACKS, *attacks_reaching.ATTACKS, *attacks_leaving.ATTACKS)}
