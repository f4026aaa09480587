"""Where help is unless whoever runs the portal says otherwise (S-003, S-006, S-019)."""

GUIDANCE = "https://www.birminghamchildrenstrust.co.uk/west-midlands-placement-portal"
SUPPORT = "necdigitalsupport@necsws.com"
ENQUIRIES = "westmidlandsplacementportalenquiries@birminghamchildrenstrust.co.uk"
