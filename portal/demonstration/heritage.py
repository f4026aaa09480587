"""Where the names of the region come from, with what usually goes with them.

A surname written `A/B` has a form for men and a form for women.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Heritage:
    """`share` is how many in a hundred or so people of the demonstration bear such a name."""

    key: str
    share: int
    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...]
    ethnicities: tuple[str, ...]
    religions: tuple[str, ...]
    languages: tuple[str, ...]
    nationality: str = "British"


def _heritage(key: str, share: int, names: str, facts: str, nationality: str = "British") -> Heritage:
    women, men, families = (tuple(part.split()) for part in names.split("|"))
    ethnicities, religions, languages = (tuple(part.split(", ")) for part in facts.split(" | "))
    return Heritage(
        key=key, share=share, women=women, men=men, families=families, ethnicities=ethnicities, religions=religions,
        languages=languages, nationality=nationality,
    )  # fmt: skip


HERITAGES: tuple[Heritage, ...] = (
    _heritage(
        "english", 38,
        "Amelia Hannah Charlotte Eleanor Rebecca Joanne Harriet Phoebe Alison Karen Megan Lucy Abigail Beth Ruth"
        "|George Thomas Callum Jack Oliver Daniel Martin Stephen Lewis Ryan Adam Nathan Toby Graham Luke Ellis"
        "|Hartley Cartwright Bayliss Fellows Tranter Whitehouse Round Millward Perks Hadley Attwood Danks Corbett"
        " Beddoes Hollins Wedgwood Smith Smallwood Aldridge Oakley Penn",
        "White British, White British, White and Black Caribbean | No religion, Christian, Not stated | English",
    ),
    _heritage(
        "welsh", 4,
        "Siân Angharad Llinos Gwenllian Cerys Ffion|Rhodri Iestyn Gethin Llŷr Tomos Emyr"
        "|Llewelyn Prydderch Bevan Gwilym Pryce Bebb",
        "White Welsh | Christian, No religion | Welsh, English",
    ),
    _heritage(
        "irish", 4, "Niamh Aoife Gráinne Sinéad|Ciarán Declan Pádraig Eoin|Gallagher Byrne Ó'Súilleabháin Doyle Keane",
        "White Irish, Traveller of Irish heritage | Roman Catholic | English",
    ),
    _heritage(
        "polish", 6,
        "Małgorzata Agnieszka Zofia Weronika Łucja Katarzyna|Paweł Łukasz Michał Tomasz Kacper Bartłomiej"
        "|Kowalski/Kowalska Wiśniewski/Wiśniewska Zieliński/Zielińska Wójcik Dąbrowski/Dąbrowska Krawczyk",
        "Any other White background | Roman Catholic, No religion | Polish", "Polish",
    ),
    _heritage(
        "punjabi", 10,
        "Gurpreet Harjit Simran Jasleen Manpreet Amrit Kiran|Navdeep Baljit Arjan Sukhdev Jagdeep Harjit Amrit"
        "|Gill Sandhu Dhillon Grewal Bains Johal Mann Sohal",
        "Indian, Indian, Any other Asian background | Sikh | Punjabi, English",
    ),
    _heritage(
        "pakistani", 10,
        "Ayesha Fatima Zainab Maryam Sana Nadia|Bilal Hamza Usman Imran Tariq Yusuf"
        "|Khan Hussain Malik Mahmood Akhtar Iqbal Shah Mirza Qureshi",
        "Pakistani | Muslim | Urdu, Pahari-Pothwari, English",
    ),
    _heritage(
        "arab", 4,
        "Layla Noor Salma Huda Rania|Omar Khalid Ahmed Idris Samir|Hassan Ibrahim Mansour Haddad Osman Saleh Nasser",
        "Arab, Black African | Muslim | Arabic", "Sudanese",
    ),
    _heritage(
        "caribbean", 8,
        "Shanice Monique Jada Tianna Marcia Yvonne|Tyrell Jermaine Winston Andre Delroy Kymani"
        "|Campbell Francis Grant Powell Clarke-Reid Bogle Levy McKenzie",
        "Black Caribbean, White and Black Caribbean | Christian, Rastafarian, No religion | English",
    ),
    _heritage(
        "nigerian", 4, "Adaeze Folasade Ngozi Temitope|Chidi Oluwaseun Emeka Babatunde|Okafor Adeyemi Okonkwo Balogun",
        "Black African | Christian | English, Yoruba, Igbo",
    ),
    _heritage(
        "romanian", 4,
        "Andreea Ioana Mădălina Crina|Ștefan Ionuț Răzvan Mihai|Popescu Munteanu Drăgulescu Țurcanu Ionescu",
        "Any other White background, Roma | Orthodox Christian | Romanian", "Romanian",
    ),
    _heritage(
        "vietnamese", 3, "Hương Thảo Ngọc Mai|Minh Tuấn Đức Quang|Nguyễn Trần Phạm Lê Đặng",
        "Any other Asian background | Buddhist, Roman Catholic, No religion | Vietnamese", "Vietnamese",
    ),
    _heritage(
        "bengali", 4, "Nasrin Sultana Tahmina Rupa|Shafiq Rahim Jamal Anwar|Begum-Ali Chowdhury Miah Uddin Rahman",
        "Bangladeshi | Muslim | Bengali (Sylheti), English",
    ),
    _heritage(
        "somali", 3, "Hodan Ifrah Sagal Asha|Liban Abdi Mahad Guled|Warsame Jama Farah Abdullahi",
        "Black African | Muslim | Somali", "Somali",
    ),
    _heritage(
        "kurdish", 3, "Shilan Rozhin Avin|Rebwar Hawre Soran Aram|Karim Rashid Mohammed-Amin Hamasalih",
        "Any other ethnic group | Muslim | Kurdish (Sorani)", "Iraqi",
    ),
    _heritage(
        "ukrainian", 2,
        "Oksana Daryna Olena Iryna|Taras Bohdan Andriy Petro|Shevchenko Kovalenko Bondar Melnyk Marchenko",
        "Any other White background | Orthodox Christian | Ukrainian", "Ukrainian",
    ),
    _heritage(
        "slovak", 2, "Zuzana Jarmila Kristína|Ľubomír Dušan Marek|Horváth/Horváthová Baláž/Balážová Čonka/Čonková",
        "Roma, Any other White background | Roman Catholic | Slovak, Romani", "Slovak",
    ),
)  # fmt: skip
