"""Sentence parts of the agreements: purposes, outcomes, delegated decisions, terms."""

from __future__ import annotations

PURPOSES = (
    "A settled home while the plan for {I} is decided",
    "Long-term care in which {I} can grow up and stay in touch with family",
    "Safety, rest and a return to education for {I}", "Preparing {I} for the next step at {their} own pace",
    "Assessment of what {I} needs, with family time kept up",
)  # fmt: skip
OUTCOMES: dict[str, tuple[tuple[str, str], ...]] = {
    "LITTLE": (
        ("{I} sleeps through most nights", "Sleep diary kept by the carers; five good nights a week"),
        ("{I} grows and eats well", "Weight and diet seen by the health visitor each month"),
        ("{I} knows {their} story", "Life story book begun and read together every {day}"),
        ("{I} turns to a carer when upset", "Notes of the carers; view of the nursery or school"),
        ("{I} enjoys time with family", "Family time kept nine times in ten; {their} own drawings or words"),
        ("{I} reaches the next steps in development", "Review by the paediatrician; developmental checks on time"),
    ),
    "BIG": (
        ("{I} attends school or college", "Attendance of 90 per cent by the second review"),
        ("{I} feels safe at home", "{Their} own rating at key work each {day}, and fewer calls at night"),
        ("{I} has one adult to talk to", "{They} can name that adult at every review"),
        ("{I} keeps in touch with family", "Family time kept as planned; {their} view before each review"),
        ("{I} stays healthy", "Health assessment, dentist and optician seen within {weeks} weeks"),
        ("{I} can cook, budget and travel alone", "Six meals, a weekly budget and two routes mastered"),
        ("{I} has something to look forward to", "A club or course joined within {weeks} weeks and kept up"),
    ),
}  # fmt: skip
DELEGATED = (
    "Overnight stays with friends, up to two nights", "Haircuts agreed with the child",
    "School trips within the country",
    "Routine medical and dental treatment", "Photographs at school, without names", "Sports clubs and swimming",
    "Social media accounts, with the safety plan", "Holidays in the country up to a week",
)  # fmt: skip
EQUIPMENT = (
    "Suitcase and memory box", "Bicycle and helmet", "Laptop", "Clothing to start with", "Books and favourite toys",
    "Bedding from home", "Family photographs", "Musical instrument",
)  # fmt: skip
RETAINERS = (
    "Half the core fee for up to 14 days while the child is in hospital", "Full fee for up to seven days of absence",
    "Full fee while the bed is held at the authority's written request", "None after the third night away",
)  # fmt: skip
SURGERIES = ("Bridge Street Surgery", "The Limes Medical Centre", "Lakeside Practice", "St Chad's Health Centre")
DENTISTS = ("Market Square Dental Practice", "Parkside Dental Care", "To be registered within 20 working days")
TIMES = ("10:00", "11:00", "13:30", "14:00", "15:30", "16:00")
