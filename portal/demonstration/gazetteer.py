"""Towns, districts and roads of the West Midlands region, as word lists.

Each district is followed by the outward postcodes that lie in that authority. A plus sign marks a post town of its own;
the others stand in the town named for the authority.
"""

from __future__ import annotations

TOWNS: dict[str, str] = {
    "birmingham": "Birmingham", "coventry": "Coventry", "dudley": "Dudley", "sandwell": "Oldbury",
    "solihull": "Solihull", "walsall": "Walsall", "wolverhampton": "Wolverhampton", "herefordshire": "Hereford",
    "shropshire": "Shrewsbury", "stoke": "Stoke-on-Trent", "telford": "Telford", "staffordshire": "Stafford",
    "warwickshire": "Warwick", "worcestershire": "Worcester",
}  # fmt: skip

DISTRICTS: dict[str, str] = {
    "birmingham": "Aston B6; Handsworth B20 B21; Erdington B23 B24; +Sutton Coldfield B72 B73 B74 B75; Edgbaston B15;"
    " Harborne B17; Selly Oak B29; Northfield B31; Kings Norton B30 B38; Kings Heath B14; Moseley B13; Hall Green B28;"
    " Sparkhill B11; Small Heath B10; Yardley B25; Sheldon B26; Stechford B33; Shard End B34; Castle Vale B35;"
    " Perry Barr B42; Kingstanding B44; Quinton B32; Acocks Green B27; Ladywood B16; Bournville B30; Washwood Heath B8",
    "coventry": "Earlsdon CV5; Foleshill CV6; Tile Hill CV4; Wyken CV2; Radford CV6; Cheylesmore CV3; Coundon CV6;"
    " Binley CV3; Walsgrave CV2; Allesley CV5; Hillfields CV1; Canley CV4",
    "dudley": "Kates Hill DY2; +Stourbridge DY8 DY9; +Halesowen B62 B63; +Brierley Hill DY5; +Kingswinford DY6;"
    " Sedgley DY3; Netherton DY2; Lower Gornal DY3; Woodsetton DY1; Russells Hall DY1",
    "sandwell": "+West Bromwich B70 B71; +Smethwick B66 B67; Langley Green B68; Tividale B69; +Tipton DY4;"
    " +Rowley Regis B65; +Cradley Heath B64; +Wednesbury WS10",
    "solihull": "Olton B92; Shirley B90; Chelmsley Wood B37; Knowle B93; Dorridge B93; Castle Bromwich B36;"
    " Marston Green B37; Elmdon Heath B92; Monkspath B90; Hillfield B91",
    "walsall": "Birchills WS2; Bloxwich WS3; Aldridge WS9; Brownhills WS8; +Willenhall WV12 WV13; Pelsall WS3;"
    " Bentley WS2; Rushall WS4; Palfrey WS1; Chuckery WS1",
    "wolverhampton": "Tettenhall WV6; Penn WV4; Bilston WV14; Wednesfield WV11; Bushbury WV10; Whitmore Reans WV6;"
    " Finchfield WV3; Heath Town WV10; Compton WV3; Blakenhall WV2",
    "herefordshire": "Tupsley HR1; Belmont HR2; Whitecross HR4; +Leominster HR6; +Ross-on-Wye HR9; +Ledbury HR8;"
    " +Bromyard HR7; +Kington HR5",
    "shropshire": "Harlescott SY1; Monkmoor SY2; Meole Brace SY3; +Oswestry SY11; +Ludlow SY8; +Whitchurch SY13;"
    " +Bridgnorth WV15 WV16; +Market Drayton TF9; +Church Stretton SY6; +Wem SY4; +Ellesmere SY12; +Shifnal TF11",
    "stoke": "Hanley ST1; Burslem ST6; Tunstall ST6; Longton ST3; Fenton ST4; Meir ST3; Bentilee ST2; Trentham ST4;"
    " Abbey Hulton ST2; Smallthorne ST6; Penkhull ST4; Shelton ST1",
    "telford": "Wellington TF1; Oakengates TF2; Madeley TF7; Dawley TF4; +Newport TF10; Ironbridge TF8;"
    " Donnington TF2; Hadley TF1; Stirchley TF3; Woodside TF7",
    "staffordshire": "Baswich ST17; Holmcroft ST16; +Cannock WS11; +Lichfield WS13 WS14; +Tamworth B77 B79;"
    " +Burton upon Trent DE13 DE14 DE15; +Newcastle-under-Lyme ST5; +Rugeley WS15; +Leek ST13; +Stone ST15;"
    " +Uttoxeter ST14; +Burntwood WS7; +Kidsgrove ST7; Penkridge ST19",
    "warwickshire": "Woodloes Park CV34; +Leamington Spa CV31 CV32; +Nuneaton CV10 CV11; +Rugby CV21 CV22;"
    " +Bedworth CV12; +Kenilworth CV8; +Stratford-upon-Avon CV37; +Atherstone CV9; +Southam CV47; +Alcester B49",
    "worcestershire": "St Johns WR2; Warndon WR4; Battenhall WR5; +Redditch B97 B98; +Bromsgrove B60 B61;"
    " +Kidderminster DY10 DY11; +Malvern WR14; +Evesham WR11; +Droitwich Spa WR9; +Pershore WR10; +Bewdley DY12",
}

ROAD_NAMES = (
    "Larkspur Alder Hawthorn Chantry Millpool Foundry Glebe Orchard Sycamore Pinfold Rectory Lockside Brook Tanyard"
    " Coppice Kiln Harrier Saxon Windmill Priory Nailers Bluebell Drovers Quarry Weaver Poplar Station Lime Cobbler"
    " Ferndale Marl Turnpike Furnace Damson Heron Potters Sandpit Wharf Beacon Vicarage Wychwood Colliery Meadow Anvil"
    " Hopfield Aqueduct Cider Teasel Buckler Tollgate"
).split()
ROAD_KINDS = "Road Road Road Street Lane Avenue Close Drive Grove Crescent Way Rise".split()

COUNCILS: dict[str, tuple[str, str, str]] = {
    "birmingham": ("Birmingham", "BCT", "Birmingham City Council"),
    "coventry": ("Coventry", "COV", "Coventry City Council"),
    "dudley": ("Dudley", "DUD", "Dudley Metropolitan Borough Council"),
    "sandwell": ("Sandwell", "SAN", "Sandwell Metropolitan Borough Council"),
    "solihull": ("Solihull", "SOL", "Solihull Metropolitan Borough Council"),
    "walsall": ("Walsall", "WAL", "Walsall Council"),
    "wolverhampton": ("Wolverhampton", "WOL", "City of Wolverhampton Council"),
    "herefordshire": ("Herefordshire, County of", "HER", "Herefordshire Council"),
    "shropshire": ("Shropshire", "SHR", "Shropshire Council"),
    "stoke": ("Stoke-on-Trent", "STO", "Stoke-on-Trent City Council"),
    "telford": ("Telford and Wrekin", "TEL", "Telford and Wrekin Council"),
    "staffordshire": ("Staffordshire", "STA", "Staffordshire County Council"),
    "warwickshire": ("Warwickshire", "WAR", "Warwickshire County Council"),
    "worcestershire": ("Worcestershire", "WOR", "Worcestershire County Council"),
}
"""By key: the name in the public registers, what its case numbers begin with, and the council."""
