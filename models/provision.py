"""What care each kind of home may give."""

from models.home import HomeKind
from models.provider import Category
from models.refusal import Code, Refused

GIVES = {
    HomeKind.CHILDRENS_HOME: frozenset({Category.RESIDENTIAL, Category.RESIDENTIAL_FAMILY_ASSESSMENT}),
    HomeKind.FAMILY_ASSESSMENT_CENTRE: frozenset({Category.RESIDENTIAL, Category.RESIDENTIAL_FAMILY_ASSESSMENT}),
    HomeKind.SUPPORTED_ACCOMMODATION: frozenset({Category.SUPPORTED_ACCOMMODATION}),
    HomeKind.FOSTERING_BRANCH: frozenset[Category](),
}
"""A children's home may assess families too; supported accommodation is by itself, and fostering is the agency's."""


def misfit(kind: HomeKind, category: Category, *path: str) -> list[Refused]:
    """The refusal of care that a home of this kind cannot give; that fostering is the agency's is told elsewhere."""
    if kind is HomeKind.FOSTERING_BRANCH:
        sentence = "A branch of a fostering agency gives no care of its own; register the agency's."
        return [Refused(Code.INVALID_INPUT, sentence, path)]
    if category is Category.FOSTERING or category in GIVES[kind]:
        return []
    sentence = (
        f"{spoken(category)} does not go with a home registered as {spoken(kind).lower()}. Correct one of the two."
    )
    return [Refused(Code.INVALID_INPUT, sentence, path)]


def spoken(choice: Category | HomeKind) -> str:
    """As people read it: "Supported accommodation"."""
    return choice.value.replace("_", " ").capitalize().replace("Childrens", "Children's")
