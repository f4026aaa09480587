"""Sentence parts about what is asked for a child and why; filled like those about the child."""

from __future__ import annotations

STAFFING: dict[str, tuple[str, ...]] = {
    "RESIDENTIAL": ("1:1 by day", "2:3 by day", "1:2 by day", "2:1 for the first two weeks, then 1:1"),
    "FOSTERING": ("Two carers at home in the first weeks", "One experienced carer", "A carer who is at home by day"),
    "SUPPORTED_ACCOMMODATION": ("10 support hours a week", "15 support hours a week", "7 support hours a week"),
    "RESIDENTIAL_FAMILY_ASSESSMENT": ("Observation day and night for the first fortnight", "Observation by day"),
}
MATCHING: dict[str, tuple[str, ...]] = {
    "LITTLE": (
        "Best as the youngest in the home", "Well with others of a similar age",
        "Older children in the home are welcome",
        "Quiet house mates; busy groups are hard for {them}",
        "Would gain from another child of the same background nearby", "No babies in the home for the first months",
    ),
    "BIG": (
        "Well with others of a similar age", "No younger children for the first months",
        "Can live with others who enjoy sport", "Another teenager in the home would be welcome",
        "Would gain from others of the same background nearby", "Better without older peers who are out late",
        "Quiet house mates; busy groups are hard for {them}",
    ),
}  # fmt: skip
PETS = ("No preference", "Afraid of large dogs", "Would love a pet", "Allergic to cats", "Calm animals are welcome")
SMOKING = ("Smoke-free home", "Smoke-free home, asthma in the family", "No smoking indoors")
ACCESSIBILITY = ("Ground-floor bedroom and level shower", "Handrails on the stairs", "Quiet room away from the road")
THERAPY = (
    "Weekly play therapy to be continued in {place}", "Waiting for trauma-focused therapy; carers to join the sessions",
    "Speech and language therapy every other {day}", "Life story work has begun and should go on",
    "Dyadic developmental psychotherapy is recommended by the psychologist",
)  # fmt: skip
TRANSPORT: dict[str, tuple[str, ...]] = {
    "LITTLE": (
        "A drive to {place} each {day} for the appointments", "Car seat and pram are supplied by the authority",
        "Carers to drive to nursery or school; mileage is part of the fee",
        "About 25 minutes from {place} by car at most",
        "Taxi with an escort agreed until the end of term", "Must be within walking distance of a bus to {place}",
    ),
    "BIG": (
        "School or college run to {place} each day, about 25 minutes", "A bus pass is enough",
        "Taxi to {place} agreed until the end of term", "Must be within walking distance of a bus to {place}",
        "Can travel alone by train to {place} once the route has been practised",
        "Carers to drive on {day}s; mileage is part of the fee",
    ),
}  # fmt: skip
FAMILY_TIME = (
    "{relative} every other {day} after school, in the community", "{relative} each {day}, with a worker present",
    "Telephone twice a week with {relative}; visits in the holidays", "Video calls with {relative} on {day}s at six",
    "Supervised at the family centre in {place} every {day}; reviewed in six weeks",
    "A day out with {relative} once a month, arranged by the carers",
)  # fmt: skip
CARE_PLANS: dict[str, tuple[str, ...]] = {
    "respite": ("Short breaks so that {relative} can go on caring", "One weekend in four, to keep the family together"),
    "short": (
        "Assessment of relatives, with a return to family as the first aim", "Reunification work over {weeks} weeks",
        "A settled place while the court decides", "Preparation for a move to {relative}, step by step",
    ),
    "RESIDENTIAL_FAMILY_ASSESSMENT": (
        "Assessment of the family together, then a move to the community if it goes well",
        "Parenting assessment directed by the court, with the child and parents in one flat",
        "Twelve weeks in the centre, with {relative} assessed at the same time",
    ),
    "SUPPORTED_ACCOMMODATION": (
        "Pathway plan: college, health, and readiness for an own tenancy at 18",
        "A safe base first, then education and a search for {relative} through the Red Cross",
        "Support into adulthood with the personal adviser from the start",
        "Stepping down from a children's home at {their} pace",
    ),
    "long": (
        "Long-term care until adulthood, matched and approved by the permanence panel",
        "Care through the years of school, with life story work and regular time with {relative}",
        "A lasting home; a further move is to be avoided", "Support into adulthood with a pathway plan from 16",
    ),
}  # fmt: skip
REASONS: dict[str, tuple[str, ...]] = {
    "RESPITE": (
        "{relative} cares for {them} full time and needs a rest to go on", "An operation for {relative} is planned",
        "The panel agreed regular short breaks so that the family stays together",
        "A new baby is expected at home, and some calm weekends would help everybody",
    ),
    "RESIDENTIAL_FAMILY_ASSESSMENT": (
        "The court has directed an assessment of the family together, to begin within {weeks} weeks",
        "{I} and the parents have lived with {relative}, where an assessment is not possible",
        "The hospital is ready to discharge, and the family needs watching and teaching day and night",
        "An assessment in the community ended after {weeks} weeks without an answer",
    ),
    "SUPPORTED_ACCOMMODATION": (
        "{I} {nhas} outgrown the present placement and asked for more independence",
        "Newly arrived and age-assessed; the reception centre can keep {them} for {weeks} more weeks",
        "The foster carers retire, and {they} would rather live with others of {their} age",
        "Staying with friends has come to an end, and {they} cannot go home",
    ),
    "EMERGENCY": (
        "Police protection last night; {they} {is} with emergency carers until {hour} tomorrow",
        "The present carer was taken to hospital this morning and cannot say when a return will be possible",
        "A relative who had taken {them} in rang today to say that it is no longer safe",
        "Arrived at the services on the M6 without an adult and asked for help",
    ),
    "SHORT_NOTICE": (
        "The carers have given {weeks} weeks' notice after a change in their own family",
        "The present placement ends this month for reasons that have nothing to do with {them}",
        "The court has asked for a plan within {weeks} weeks",
        "Family time has become unsafe from the present address, and a move is needed soon",
    ),
    "PLANNED": (
        "The present placement was always for a time, and {they} {is} ready for the next step",
        "The assessment of {relative} has ended without approval, and a longer plan is needed",
        "{I} asked at the last review to live closer to {relative}",
        "The permanence panel has agreed the search for a family or home that can last",
        "The special school place from the new term makes a move to {place} right",
    ),
}  # fmt: skip
HISTORY: dict[str, tuple[str, ...]] = {
    "LITTLE": (
        "First placement away from family", "With {relative} for {weeks} weeks, and before that at home",
        "At home under a child protection plan since the birth", "One foster family, for {weeks} weeks",
    ),
    "BIG": (
        "First placement away from family", "{moves} placements in all, the longest of them two years",
        "With {relative} until last winter, then one short foster placement",
        "Two foster families, one of them for {weeks} months; letters are still exchanged",
        "At home under a child protection plan for a year", "A children's home in {place}, remembered fondly",
    ),
}  # fmt: skip
MOVE_ON: dict[str, tuple[str, ...]] = {
    "LITTLE": (
        "Return to {relative} if the assessment is good",
        "A gradual move over {weeks} weeks, with overnight stays first",
        "Adoption is being explored alongside", "None planned: this should be {their} home for good",
        "Review at three months, with a wider search among relatives",
    ),
    "BIG": (
        "Review at three months; fostering to be thought of when {they} {is} ready", "Staying put to be offered at 18",
        "Own tenancy with floating support from {place} at 18", "Transition to the adult team to begin at 17",
        "None planned: this should be {their} home", "A gradual move over {weeks} weeks, with overnight stays first",
    ),
}  # fmt: skip
HOURS = ("nine", "noon", "three", "six")
WEEKS = ("two", "three", "four", "six", "eight", "ten", "twelve")
TEAMS = (
    "Children in Care Team East", "Safeguarding Team 3", "Children in Care Team North", "Through Care and Leaving Care",
    "Court and Permanence Team", "Family Support and Safeguarding South", "Disabled Children's Team",
    "Unaccompanied Children's Team",
)  # fmt: skip
COURTS = (
    "Family Court at Birmingham", "Family Court at Wolverhampton", "Family Court at Coventry",
    "Family Court at Stoke-on-Trent", "Family Court at Worcester", "Family Court at Telford",
)  # fmt: skip
PARENTS = (
    "Mother, {age}, first-time parent, keen to learn", "Mother, {age}, grew up in care herself",
    "Mother, {age}, with a mild learning disability and a supportive family",
    "Mother, {age}, in recovery for {weeks} months",
)  # fmt: skip
PARTNERS = ("Father, {age}, works nights", "Father, {age}, new to caring for a baby", "Mother's partner, {age}")
ASSESSMENT_QUESTIONS = (
    "Can the parents meet the baby's needs day and night, and keep it up over {weeks} weeks?",
    "What teaching does the mother need, and how well does she use it from week to week in the {weeks} weeks given?",
    "Is the parents' relationship free of abuse, and do both put the child first?",
    "Would support from {relative} be enough after the centre?",
    "How do the parents manage feeding, sleep and play, and what changes with advice over {weeks} weeks?",
)  # fmt: skip
SPOKEN_TO: dict[str, tuple[str, ...]] = {
    "LITTLE": (
        "{relative}",
        "the nursery or school in {place}",
        "the health visitor",
        "the reviewing officer",
        "the guardian",
    ),
    "BIG": ("{relative}", "the tutor in {place}", "the school nurse", "the reviewing officer", "the advocate"),
}
SPOKEN_WHEN = ("this week", "on {day}", "last {day}", "at the meeting on {day}", "in the last few days")
SPEAKINGS = (
    "{who} was spoken to {when} and agrees", "{who} was told {when}", "views were asked of {who} {when}",
    "{who} will help with the introduction, as said {when}", "{who} heard of it {when} and had questions",
)  # fmt: skip
