"""Sentence parts about a child, by age band; the braces are filled with the child's initial and pronouns."""

from __future__ import annotations

BANDS = ("BABY", "YOUNG", "TEEN", "OLDER")
"""By age; a child not yet born has a band of its own."""
LIKES = (
    ("{2} enjoys {0} and {1}", "{2} loves {0}, and more recently {1}", "{2} is happiest with {0} or {1}"),
    ("the parents speak of {0} and {1}", "much helps already: {0}, {1}", "prepared so far: {0} and {1}"),
)

TRAITS: dict[str, tuple[str, ...]] = {
    "UNBORN": (
        "The baby is growing along the expected line", "Every scan has been attended", "The baby moves a good deal",
        "Both heartbeat and growth please the midwife", "Mother talks and sings to the baby",
    ),
    "BABY": (
        "{I} is an alert and curious baby", "{I} is a sociable little one who smiles readily",
        "{I} settles well once {their} routine is known", "{I} is a determined explorer",
        "{I} is calm in familiar arms", "{I} follows every voice in the room",
    ),
    "YOUNG": (
        "{I} is a warm and funny child", "{I} is thoughtful and notices when others are upset",
        "{I} is full of questions", "{I} is proud of what {they} make{s}", "{I} is a loyal friend",
        "{I} is gentle with animals and younger children", "{I} has a remarkable memory for stories",
    ),
    "TEEN": (
        "{I} is a quick-witted young person", "{I} is kind, and fiercely protective of those {they} love{s}",
        "{I} is creative and patient with detail", "{I} is honest once {they} trust{s} somebody",
        "{I} is a natural organiser", "{I} is quietly determined", "{I} has a dry sense of humour",
    ),
    "OLDER": (
        "{I} is a mature and considerate young person", "{I} is resourceful and good with money",
        "{I} is ambitious and knows what {they} want{s} to learn", "{I} is reserved at first and very loyal later",
        "{I} is a good listener whom friends turn to", "{I} is practical and likes to be useful",
        "{I} speaks up for others",
    ),
}  # fmt: skip
INTERESTS: dict[str, tuple[str, ...]] = {
    "UNBORN": (
        "a cot in place", "a bag packed for the hospital", "a grandmother who knits", "the antenatal class",
        "a list of names", "a midwife whom they trust", "savings for a pram", "a story for every evening",
    ),
    "BABY": (
        "bath time", "being sung to", "soft books", "looking at leaves from the pram", "peekaboo", "a musical mobile",
        "watching the washing machine", "finger foods", "splashing", "stacking cups",
    ),
    "YOUNG": (
        "building dens", "swimming", "drawing dragons", "baking", "collecting football cards", "dancing in the kitchen",
        "trains and timetables", "riding a scooter", "stories about space", "planting seeds", "puzzles", "gymnastics",
    ),
    "TEEN": (
        "boxing training", "making short films", "football", "Bollywood dance", "cooking curries", "coding small games",
        "horse riding", "graffiti art", "playing the keyboard", "fishing on the canal", "manga drawing", "basketball",
        "singing in the gospel choir", "mending bicycles",
    ),
    "OLDER": (
        "barbering", "cricket", "motor mechanics", "writing lyrics", "running", "photography", "cooking for a crowd",
        "fashion design", "the gym", "volunteering at the food bank", "learning languages", "chess", "nail art",
        "gaming with friends",
    ),
}  # fmt: skip
EXPERIENCES: dict[str, tuple[str, ...]] = {
    "UNBORN": (
        "Earlier children of the family live with {relative}, and the loss is felt",
        "The pregnancy was hidden at first, and antenatal care began late",
        "There was violence between the parents until last year", "Mother lived in care herself and has few to turn to",
    ),
    "BABY": (
        "{I} was exposed to substances before birth and can be hard to soothe in the evenings",
        "{I} has known several pairs of hands in a short life and startles at loud voices",
        "{I} was slow to gain weight at first and is now growing steadily",
        "{I} cries when put down and needs a good deal of holding",
    ),
    "YOUNG": (
        "{I} lived with domestic abuse and becomes watchful when adults raise their voices",
        "{I} went without regular meals for a time and worries about food",
        "{I} finds changes of plan hard and shows it by hiding or shouting",
        "{I} took care of a younger child for too long and finds it hard to let adults be in charge",
        "{I} misses {their} grandmother, who died last year, and asks about her at bedtime",
        "{I} has nightmares and often wakes before five",
    ),
    "TEEN": (
        "{I} has moved {moves} times in two years and expects adults to give up on {them}",
        "{I} carries a great deal of worry about {their} mother's health",
        "{I} finds large groups hard and withdraws to {their} room after school",
        "{I} was bullied online and has lost trust in people of {their} own age",
        "{I} becomes angry when {they} feel{s} unheard, and is sorry soon afterwards",
        "{I} has seen violence at home and needs adults who stay calm",
    ),
    "OLDER": (
        "{I} travelled alone through several countries and sleeps badly",
        "{I} cared for {their} parent through illness and is used to deciding alone",
        "{I} has lived in {moves} homes and is wary of starting again",
        "{I} grew up with parents who drank, and finds it hard to ask for help",
        "{I} lost touch with school after a bereavement",
        "{I} feels low in the evenings, more so when {they} {is} alone",
    ),
}  # fmt: skip
WHAT_HELPS: dict[str, tuple[str, ...]] = {
    "UNBORN": (
        "Plain words, shown rather than told, help the parents to learn.",
        "A calm room, and the same worker each {day}, have helped so far.",
        "Praise for what goes well opens the door to advice.", "Notes with pictures are easier than leaflets.",
    ),
    "BABY": (
        "Warm baths, a darkened room and the same two carers help most.",
        "Skin contact, a sling and a slow pace have worked well.",
        "Regular feeds, quiet music and patience help {them} to settle.",
        "{They} respond{s} to a soft voice and to being held facing outwards.",
    ),
    "YOUNG": (
        "A picture calendar and a warning before each change help.",
        "{They} calm{s} with a weighted blanket and a short story.",
        "Sitting nearby without talking, then a drink and a biscuit, brings {them} back.",
        "Clear, kind limits and play at the end of the day make a difference.",
        "{They} need{s} one adult to go to, by name, at school and at home.",
    ),
    "TEEN": (
        "Side-by-side talk on a walk or in the car works better than a meeting.",
        "{They} use{s} music and space to calm, and then want{s} to put things right.",
        "Honesty about plans, even when they are not settled, helps {them} most.",
        "{They} respond{s} to humour and to adults who keep small promises.",
        "A key worker who stays after the first row will be trusted.",
    ),
    "OLDER": (
        "{They} manage{s} best with a plan for the week that {they} made {themself}.",
        "A nightly check-in, by message if {they} prefer{s}, has worked well.",
        "{They} need{s} practical help first; conversation follows.",
        "Being asked rather than told makes the difference.",
        "Time with others from the same background steadies {them}.",
    ),
}  # fmt: skip
WISHES: dict[str, tuple[str, ...]] = {
    "UNBORN": (
        "The parents hope to bring their baby home to {place}", "Mother asks for {relative} to be there at the birth",
        "The family would like to stay near {place} and to be told early what is decided",
    ),
    "BABY": (
        "{I} cannot say so yet, but shows that {they} {is} happiest near {relative}",
        "{I} looks for {relative} and quietens when {relative} comes into the room",
        "{I} is too young to be asked; {relative} hopes that the family will stay together",
        "{I} shows by reaching out that {they} know{s} {relative} well",
    ),
    "YOUNG": (
        "{I} would like to see {relative} every week and to have {pet}",
        "{I} asked for a house with stairs, {pet} and a night light",
        "{I} wants somebody to read to {them} and to keep the photographs of {relative}",
        "{I} drew the home {they} would like: {pet}, a swing and {relative} at the door",
    ),
    "TEEN": (
        "{I} wants to stay at the same school and to ring {relative} without asking first",
        "{I} said: no more moves, and please let me bring {pet}",
        "{I} would like fewer professionals, one key worker, and Sundays with {relative}",
        "{I} hopes to live near {relative} and to keep going to training on Thursdays",
    ),
    "OLDER": (
        "{I} wants a room with a lock, a college place and help to find {relative}",
        "{I} would like {their} own front door in a year, and somebody to practise the rent with",
        "{I} asked to live where {relative} can visit and where {they} can cook for {themself}",
        "{I} wants to finish the course and does not want to leave the area where {relative} lives",
    ),
}  # fmt: skip
RELATIVES = (
    "{their} grandmother", "{their} older sister", "{their} mum", "{their} dad", "an aunt in Walsall", "{their} uncle",
    "{their} little brother", "{their} half-sister", "a former carer", "{their} nan in Dudley", "{their} cousin",
    "{their} godmother",
)  # fmt: skip
PETS_WISHED = ("a dog", "a cat", "{their} hamster", "a fish tank", "a rabbit", "a budgie")
