"""Sentence parts about a child's health, schooling and present placement, by age band."""

from __future__ import annotations

DISABILITIES = (
    "Autism, diagnosed at {diagnosed}; needs notice of change and a quiet space.",
    "Moderate learning disability; uses short sentences and pictures.",
    "Hearing loss in one ear; wears an aid and lip-reads.",
    "Cerebral palsy affecting the left side; walks with a splint, and needs a ground-floor bedroom.",
    "ADHD, diagnosed at {diagnosed}; does best with movement breaks.",
)
HEALTH_FROM_FOUR: tuple[tuple[str, str | None, str | None], ...] = (
    ("Generally well; immunisations are up to date.", None, None),
    ("Asthma, well controlled; last review in the spring.", "Salbutamol inhaler as needed", None),
    ("Eczema on the arms and behind the knees.", "Emollient twice a day", "Nickel"),
    ("Well; wears glasses and is due at the optician.", None, "Penicillin"),
    ("Carries an auto-injector after one severe reaction.", "Adrenaline auto-injector", "Peanuts and tree nuts"),
    ("Sleep difficulties; under the community paediatrician.", "Melatonin 3 mg at night", None),
    ("Type 1 diabetes since the age of {diagnosed}; the family has been taught well.", "Insulin pump", None),
    ("Dental treatment outstanding; registration with a dentist is needed.", None, "Kiwi fruit"),
    ("Epilepsy, free of seizures for a year.", "Levetiracetam twice a day", None),
)
HEALTH: dict[str, tuple[tuple[str, str | None, str | None], ...]] = {
    "UNBORN": (
        ("Scans and blood tests are as they should be; birth planned in hospital.", None, None),
        ("Growth is watched every fortnight; iron is given to the mother.", None, None),
    ),
    "BABY": (
        ("Well and growing along the expected line; first immunisations given.", None, None),
        ("Born at 35 weeks; weighed weekly by the health visitor.", "Vitamin and iron drops", None),
        ("Reflux, improving with upright feeds.", "Thickened formula", "Cow's milk protein"),
        ("Mild eczema on the cheeks.", "Emollient twice a day", None),
    ),
}
SCHOOLS: dict[str, tuple[str, ...]] = {
    "BABY": (
        "Not yet of school age; the health visitor sees {I} in {place} every other {day}.",
        "Attends the baby group at the children's centre in {place} on {day}s.",
        "A nursery place in {place} is promised from three; until then the stay-and-play on {day}s.",
    ),
    "YOUNG": (
        "{year} at a primary school in {place}; loves {subject} and has a place in the breakfast club.",
        "{year} in {place}, catching up in reading with help on {day}s; strongest in {subject}.",
        "{year}; the school in {place} knows {I} well and keeps a calm corner for {them}. Best at {subject}.",
    ),
    "TEEN": (
        "{year} at an academy in {place}; predicted good grades in {subject}, attendance 91 per cent.",
        "{year}, on a reduced timetable at a school in {place} since the winter; {subject} is what keeps {them} going.",
        "{year} at alternative provision in {place}, where {subject} and a mentor on {day}s have helped.",
    ),
    "OLDER": (
        "College in {place}, level {level} {course}; attends well and hopes for an apprenticeship.",
        "Not in education at present; interview for {course} at the college in {place} on a {day}.",
        "English for speakers of other languages in {place}, four mornings, and {course} on {day}s.",
    ),
}
SUBJECTS = ("maths", "art", "science", "food technology", "history", "music", "drama", "sport", "English", "geography")
COURSES = (
    "construction", "hair and beauty", "health and social care", "motor vehicle", "catering", "business", "plumbing",
    "childcare", "public services",
)  # fmt: skip
PRESENT_PLACEMENTS: dict[str, tuple[str, ...]] = {
    "UNBORN": ("Not yet born; mother lives with a relative", "Not yet born; parents in temporary housing"),
    "BABY": ("Maternity ward", "At home with mother, under a safety plan", "Foster home", "With a relative"),
    "YOUNG": ("Foster home", "At home with a parent", "With grandparents", "Emergency foster home"),
    "TEEN": ("Residential home", "Foster home", "At home with a parent", "With a friend's family", "Hospital ward"),
    "OLDER": ("Foster home", "Residential home", "Reception centre", "With a relative", "Staying with friends"),
}
