"""Sentence parts of offers; the braces are filled with the child, the home or family, and the plan."""

from __future__ import annotations

WELCOMES = (
    "We have read {I}'s referral together as a team and would like to offer a place at {home}",
    "{home} can welcome {I} from the date given", "{lead} and the team at {home} would be glad to meet {I}",
    "After speaking with the placing team we offer {I} a place at {home} in {town}",
    "We believe that {home} is the right size and pace for {I}",
)  # fmt: skip
WELCOMES_OF_FAMILIES = (
    "The family has read the referral twice and asked to meet {I}", "{lead} would be glad to welcome {I} in {town}",
    "Our panel matched {I} with {home}, who live in {town}", "{home} have talked it over at home and say yes",
    "We offer {I} a place with {home}, known to us for their patience",
)  # fmt: skip
MATCHES = (
    "the others who live here are of a similar age and were asked for their views",
    "the household is quiet, and routines stay the same through the week",
    "we have lately supported somebody with a similar story, and it went well",
    "{town} is close enough for family time and far enough from the risks described",
    "the interests named in the referral can be kept up within walking distance",
    "the adults share the language and know the festivals that matter to {them}",
    "nobody else in the home is going through a move at the moment",
    "school, nursery or college can be reached in under half an hour",
)  # fmt: skip
IMPACTS = (
    "Effect on those already here: one bedroom changes floor, and all were told first.",
    "The impact assessment found a low risk, with a plan for shared times in the first month.",
    "Arrival in the afternoon, with a quiet tea, suits everybody best.",
    "The team has thought about noise, shared devices and family visits, and sees no obstacle.",
    "The matching meeting on {day} looked at each child in turn; the notes are attached to our file.",
)  # fmt: skip
STAFFING = (
    "{ratio} with the same six adults across the fortnight; {lead} leads each morning handover.",
    "{ratio}; two adults sleep in, and one more is on call within twenty minutes.",
    "{ratio}, agency staff are not used, and a deputy covers the weekends.",
    "{ratio} in the first {weeks} weeks, reviewed at every statutory visit.",
)  # fmt: skip
EDUCATION = (
    "We will drive to the present school and meet the designated teacher in the first week.",
    "Our education lead will ask for a meeting with the virtual school within {weeks} weeks.",
    "A desk, a laptop and an hour of quiet after tea are part of every weekday.",
    "The college in {town} has been asked about {day} tasters.",
    "Reading together each evening, and a library card on the first Saturday.",
    "Until a school place is settled, three mornings of tuition are part of the plan.",
)  # fmt: skip
INCLUDES = (
    "staffing as in the Statement of Purpose, food, clothing, activities, pocket money, savings and local travel",
    "accommodation, household bills, weekly key work, activities and up to 100 miles of transport",
    "all care, food, festivals and birthdays, one holiday a year, pocket money and savings",
    "accommodation, all bills, furniture, the support hours named and a welcome pack",
)  # fmt: skip
COSTS: dict[str, tuple[tuple[str, int, int, str, int], ...]] = {
    "RESIDENTIAL": (
        ("Second adult by day in the first weeks", 24, 31, "HOUR", 20),
        ("Waking night", 138, 172, "NIGHT", 7),
        ("Therapeutic input by a clinical psychologist", 85, 120, "HOUR", 2),
        ("School transport beyond the local area", 90, 210, "WEEK", 1),
        ("Adaptation of the bedroom", 350, 1400, "ONCE", 1),
    ),
    "FOSTERING": (
        ("Mileage to family time", 25, 70, "WEEK", 1),
        ("Respite carer, one weekend a month", 60, 95, "NIGHT", 1),
        ("Settling-in equipment", 150, 420, "ONCE", 1),
        ("Language tuition", 28, 40, "HOUR", 2),
    ),
    "SUPPORTED_ACCOMMODATION": (
        ("Additional support hours", 23, 29, "HOUR", 5),
        ("Interpreter at key work", 32, 45, "HOUR", 1),
        ("Setting-up items for the kitchen", 120, 260, "ONCE", 1),
    ),
    "RESIDENTIAL_FAMILY_ASSESSMENT": (
        ("Specialist cognitive assessment", 900, 1600, "ONCE", 1),
        ("Father's separate assessment sessions", 60, 90, "HOUR", 3),
        ("Interpreter", 32, 45, "HOUR", 4),
    ),
}  # fmt: skip
CONDITIONS = (
    "That education or nursery in {town} is agreed before arrival", "That a planning meeting is held by {day}",
    "That an introduction visit takes place first", "That the safety plan is updated with our team",
    "That medication and consent forms arrive with {I}",
)  # fmt: skip
UPLIFTS = (
    "Each April by the framework's published rate, agreed in writing",
    "None in the first twelve months, then by agreement",
    "By the consumer price index, at most 3 per cent, agreed by both sides",
)  # fmt: skip
QUESTIONS: dict[str, tuple[str, ...]] = {
    "How will emotional needs be met?": (
        "{lead} will be the first person to go to; reflective time each {day}.",
        "The team is trained in therapeutic parenting and has supervision with a psychologist.",
        "Small steps, the same goodnight each evening, and repair after every row.",
    ),
    "How will health needs be met?": (
        "Registration with a doctor and dentist in {town} in the first week; medication kept as prescribed.",
        "The nurse for looked-after children is invited in week {weeks}; allergies are on the kitchen wall.",
        "We take {them} to every appointment and write down what was said.",
    ),
    "How will identity, culture and faith be respected?": (
        "Food, hair, language and worship are planned with {them} before arrival.",
        "We know the community in {town} and will introduce {them} when {they} would like.",
        "Festivals are in our calendar; {they} choose{s} how to mark each one.",
    ),
    "How will family time be supported?": (
        "We will drive, wait and write a short note afterwards.", "Our family room is free on {day}s.",
        "Calls at agreed times, with privacy, and photographs in between.",
    ),
    "How will safety be kept?": (
        "Safety plan on the first day, the grab sheet for a missing report ready, and curfews agreed rather than set.",
        "Devices charge downstairs; the team walks the area with {them} in week one.",
        "Risk is talked about openly each {day} and shared with the placing team the same day.",
    ),
}  # fmt: skip
INDEPENDENCE_QUESTION = "How will independence be built?"
CHANGES = (
    "Changed after your message: the extra costs are lower, and the trial period is changed.",
    "We have looked at the costs again and removed what the core fee can bear.",
)
MOVED = "This replaces the home that we named first, after the impact assessment was done again."
WITHDRAWALS = (
    "The brother of a child already placed needs the room; we would rather say so now than disappoint {I} later.",
    "{lead} will be away for surgery, and the first weeks would not be calm enough for {I}.",
    "The impact assessment was done again after new information, and {home} is no longer right for {I}.",
    "There has been a bereavement, and those at home ask for time; we are sorry to withdraw for {I}.",
    "Illness has gone round since we wrote, and we cannot promise {I} a calm start.",
)  # fmt: skip
