"""What is written between a provider and an authority about a referral: questions with their answers, and notes."""

from __future__ import annotations

CONVERSATIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "UNBORN": (
        ("When is the birth planned, and who will be with the mother?",
         "In about six weeks, at the hospital nearest {place}; {relative} and a doula will be there."),
        ("Which teaching has the mother found useful so far?",
         "Short films and a doll to practise with, on {day}s. She asks good questions."),
        ("Would the family like to see their flat before {day}?",
         "Very much. The midwife from {place} would come along."),
        ("Is a pre-birth assessment finished, and may we read it before {day}?",
         "It is, but for one session; the summary is in the local form."),
    ),
    "LITTLE": (
        ("What does {I} take for feeds or meals, and at what times?",
         "Every four hours by day; the last at ten. The health visitor in {place} has the chart."),
        ("How does a day with {I} usually begin and end?",
         "Up at six, a nap before noon, bath at half past six, and a lullaby from {relative} at seven."),
        ("Could the first visit be on a {day}, with {relative} there?",
         "Yes, {day} suits; the family support worker from {place} will come as well."),
        ("Who has seen {I} most in the last weeks, and may we ring them before {day}?",
         "The health visitor and {relative}. Both expect a call before {day}."),
        ("Is a sleeping bag, a cot or a comforter coming along with {I}, or shall we buy new by {day}?",
         "All three come along, unwashed on purpose so that they smell of home."),
        ("Which hospital in or near {place} has {I}'s notes, and is a check due?",
         "The children's clinic; the next check is on a {day} and transport is booked."),
    ),
    "BIG": (
        ("Could you tell us which days {I} {nis} at school or college now, and whether {day} afternoons are free?",
         "Mornings only until half term; {day} afternoons are free for now."),
        ("Is {relative} content for us to ring before the first visit, or would {day} with you present be better?",
         "{relative} would be glad of a call, best after four on {day}."),
        ("How have {I}'s nights been lately, and does a night light help?",
         "Better since last week. A night light and an open door help; the diary is in the attached form."),
        ("May {I} come to tea on {day} before anything is decided?",
         "What a good idea. {day} works; the present carers will drive over."),
        ("We read of the move from {place}. Who told {I}, and what was said about why?",
         "The social worker told {them} on {day}, with {relative} there: an adults' decision, nobody's fault."),
        ("Is the therapy in {place} to go on, and who pays for the travel?",
         "It goes on every other {day}; the authority pays mileage up to 40 miles."),
        ("Are there any friends or a club that {I} should not lose?",
         "Yes: one friend from school, and the {day} club in {place}. Both matter a great deal."),
        ("What has helped when {I} {nwas} upset and words did not?",
         "Walking, music and time. Please do not follow too closely; a message after ten minutes is welcome."),
        ("Could the review date be moved to a {day} so that our manager can attend?",
         "Done: it is now on a {day} at half past one, by video for those in {place}."),
        ("Is there a photograph or a letter that {I} would like on the wall on the first night?",
         "Thank you for asking. {relative} is putting together a small album; it comes with the suitcase."),
        ("Which foods remind {I} of home, and are there any that {they} will not eat?",
         "Rice, soup and anything {relative} used to cook on a {day}. No mushrooms, please."),
        ("How is pocket money handled at present, and is there a savings account?",
         "A weekly sum each {day}, and savings since last year; the book is with the team in {place}."),
        ("Is the risk of going missing tied to one address, and do the police in {place} know it?",
         "It is, and they do. The safety plan of last {day} names it; please ring if {I} {nis} an hour late."),
        ("Would this part of the region be new to {I}, and would a map of {place} help?",
         "Quite new, but for one {day} trip. A map and a film of the house would be lovely."),
        ("Would {I} like a female or a male key worker at first?",
         "{They} did not mind when asked on {day}, and liked that you asked."),
    ),
}  # fmt: skip
INTERESTS = (
    "We think that {home} could suit {I} well and would like to talk on {day} before we draft an offer.",
    "Please count us in: {home} in {town} has the right setting. An offer will follow by {day}.",
    "Expression of interest from {home}. We are asking the others who live there today.",
    "We would like to be considered for {I}; {lead} is free to speak on {day} morning.",
)
CONDITIONS = (
    "One condition so that it is not lost: education in {town} needs to be agreed by {day}.",
    "Please note that we can offer only with an introduction visit on {day} or sooner.",
    "Our offer depends on the updated risk assessment; could it be attached by {day}?",
    "We would need the consent forms signed by {relative} before {I} arrive{ns}.",
)
DECLINES: dict[str, tuple[str, ...]] = {
    "NO_SUITABLE_PLACE": (
        "The room that would have suited {I} has just been promised to somebody else. We are sorry.",
        "Everybody with the right experience is caring for others at the moment; please think of us for {I} again.",
    ),
    "MATCHING": (
        "After the impact assessment we think {I} and another young person here would find each other hard.",
        "Two others here settle slowly, and a third arrival now would not be fair to {I}.",
    ),
    "LOCATION": (
        "We are too far from {place} for the family time that {I} need{ns}.",
        "The journey to {place} would take more than an hour each way, which is too long for {I}.",
    ),
    "NEEDS_CANNOT_BE_MET": (
        "Our Statement of Purpose does not cover the support that {I} need{ns} at night.",
        "We do not yet have staff trained for what {I} need{ns}, and would rather say so.",
    ),
    "TIMESCALE": (
        "The team is complete only from next month, and {I} need{ns} somebody sooner.",
        "We could not prepare {I}'s arrival well in the days given.",
    ),
}
OFFER_DECLINES: dict[str, tuple[str, ...]] = {
    "MATCHING": ("{I} met the household and felt it was too busy; thank you for the care you took.",
                 "Another young person named in the risk assessment lives two doors away from {home}."),
    "LOCATION": ("{town} is further from {relative} than the court would accept for family time.",
                 "The journey from {town} to school was tried and took seventy minutes."),
    "COST": ("The additional costs go beyond what the panel could agree; please look at them again.",
             "Another offer met the same needs within the core fee. Your matching statement was excellent."),
    "ANOTHER_OFFER_ACCEPTED": ("Another offer, closer to {relative}, was accepted for {I}.",
                               "Another home closer to the school was accepted. Another time, we hope."),
    "NEEDS_NOT_MET": ("We missed how speech therapy would go on in {town}; a fuller answer would have helped.",
                      "The plan for nights at {home} did not fit what the paediatrician asks for."),
}  # fmt: skip
CLOSINGS: dict[str, tuple[str, ...]] = {
    "PLACED_WITH_FAMILY": ("{relative} was approved as a carer on {day}, which is what {I} had hoped for.",
                           "An uncle came forward, and the assessment was good."),
    "PLACED_IN_HOUSE": ("One of our own fostering families can take {I} from {day}.",
                        "Our own short-breaks home found room after a discharge."),
    "NO_LONGER_NEEDED": ("The present carers have decided to go on, with more support.",
                         "The court made another order on {day}, and {I} stay{ns} where {they} {is}."),
    "PLACED_ELSEWHERE": ("A specialist school with boarding in {place} was agreed by the panel.",
                         "A home outside the region that {I} knew from before had room."),
    "WITHDRAWN": ("{I} asked for more time before a move, and the review on {day} agreed.",
                  "The plan changed after the hearing on {day}; a new referral may follow.",
                  "The search is paused until the assessment in {place} has been read.",
                  "{relative} asked for mediation first, and {I} want{ns} to try it."),
}  # fmt: skip
VOIDINGS = (
    "{I}'s plan changed after the hearing on {day}; both sides agreed by telephone to start again.",
    "The fee had been entered for another home. A new offer with the right figures is awaited.",
    "A burst pipe means that {I} cannot move in on the day agreed.",
    "The start date and the home have to change; a new offer follows.",
    "{relative} has been found able to care for {I} sooner than anybody hoped.",
    "The signatory asked for a correction that only a new offer can make.",
)  # fmt: skip
REFUSALS = (
    "The notice period differs from what we agreed by message on {day}; please put it right.",
    "The agreement gives an old telephone number for {home}.",
    "I cannot sign while the funding of the school place in {town} is open.",
    "The second adult is missing from the list of costs that I was shown on {day}.",
)
AMENDMENTS = (
    "{relative} now every {day} at the family centre in {place}, and a call each evening.",
    "Changed by the court on {day}: twice a week with {relative}, with a worker present.",
    "{relative} has moved to {place}; family time will be there on {day}s from next month.",
    "At {I}'s own wish only every other {day} with {relative}, and letters in between.",
)
