"""Words that streets end with, and words that stand before a number inside a house.

Sources: USPS Publication 28 appendix C1 (street suffixes, with the spellings in use) and C2 (secondary units); AS 4590
and the usual names of Great Britain for what C1 does not have.
"""

from __future__ import annotations

from typing import Final

_USUAL: Final = """
street st str avenue ave av boulevard blvd boul road rd lane ln drive dr drv court ct circle cir place pl terrace ter
terr tce highway hwy parkway pkwy pky trail trl square sq crescent cres turnpike tpke expressway expy freeway fwy alley
aly causeway cswy esplanade close mews parade pde
"""

# English words too: they end a street only with a capital, and only something else makes an address of it.
_OTHER: Final = """
Allee Anex Annex Arc Arcade Bayou Beach Bend Bnd Bluff Bluffs Blf Bottom Branch Br Bridge Brg Brook Brooks Brk Burg
Burgs Bypass Byp Byps Camp Canyon Cyn Cape Cpe Causwa Center Centers Centre Ctr Cent Circ Circles Circuit Cct Cliff
Cliffs Clfs Club Clb Common Commons Cmn Cor Corner Corners Cors Course Crse Courts Cts Cove Coves Cv Creek Crk Crest
Crossing Xing Crossroad Crossroads Curve Curv Dale Dl Dam Divide Dv Drives Drs Estate Estates Est Ests Extension
Extensions Ext Fall Falls Fls Ferry Fry Field Fields Fld Flds Flat Flats Flt Ford Fords Frd Forest Forests Frst Forge
Forges Frg Fork Forks Frk Fort Ft Garden Gardens Gdn Gdns Gateway Gtwy Glen Glens Gln Green Greens Grn Grove Groves Grv
Gr Harbor Harbors Harbour Hbr Haven Hvn Heights Hts Hill Hills Hl Hls Hollow Holw Inlet Inlt Island Islands Is Isle
Junction Junctions Jct Key Keys Ky Knoll Knolls Knl Lake Lakes Lk Lks Land Landing Lndg Light Lights Lgt Loaf Lf Lock
Locks Lck Lodge Ldg Loop Mall Manor Manors Mnr Meadow Meadows Mdws Mill Mills Ml Mls Mission Msn Motorway Mtwy Mount
Mt Mountain Mountains Mtn Neck Nck Orchard Orch Oval Overpass Opas Park Parks Parkways Pkwys Pass Passage Psge Path
Pike Pine Pines Pne Pnes Plain Plains Pln Plns Plaza Plz Point Points Pt Pts Port Ports Prt Prairie Pr Radial Radl Ramp
Ranch Rnch Rapid Rapids Rpds Rest Rst Ridge Ridges Rdg River Riv Roads Rds Route Rte Row Rue Run Shoal Shoals Shl Shore
Shores Shr Skyway Skwy Spring Springs Spg Spgs Spur Spurs Squares Sqs Station Sta Stravenue Stra Stream Strm Streets
Sts Summit Smt Throughway Trwy Trace Trce Track Trak Trafficway Trfy Tunnel Tunl Underpass Upas Union
Unions Un Valley Valleys Vly Viaduct Via View Views Vw Vws Village Villages Vlg Ville Vista Vis Walk Walks Wall Way Wy
Ways Well Wells Wls Access Alleyway Amble Anchorage Approach App Artery Basin Block Brace Brae Break Broadway Brow
Byway Centreway Chase Circlet Circus Colonnade Concourse Copse Corso Courtyard Cross Crossway Cruiseway Cul-de-sac
Cutting Dell Deviation Dip Distributor Driveway Edge Elbow End Entrance Fairway Firetrail Follow Footway Foreshore
Formation Front Frontage Gap Gate Gates Glade Grange Ground Gully Highroad Interchange Intersection Laneway Lees Line
Link Lookout Lower Meander Mew Nook Outlook Parklands Part Pathway Piazza Plateau Pocket Promenade Prom Quad Quadrangle
Quadrant Quay Quays Ramble Range Reach Reserve Retreat Ride Ridgeway Ring Rise Riverway Riviera Roadside Roadway
Bvd Esp Ronde Rosebowl Rotary Round Siding Slope Sound Stairs Steps Strand Strip Subway Tarn Thoroughfare Tollway Top
Tor Towers Triangle Trunkway Turn Upper Vale Villas Wade Walkway Wharf Wood Woods Wynd Yard Hithe Drove Lawn
"""

# Written in small letters as often as with a capital.
_COMMON: Final = """
way wy loop run ridge rdg path row plaza plz walk cove cv point pt pike crossing xing hill hills park heights hts
landing manor meadows commons bend glen grove mall center centre gardens green route rte creek lake view pass
"""

_UNITS: Final = """
apartment apt appt suite ste unit flat floor fl room rm building bldg lot space spc trailer trlr penthouse ph dept
department level lvl shop office ofc tower twr block blk hangar hngr pier slip basement bsmt lobby stall wing maisonette
studio villa bureau box pmb
"""


def in_any_case(words: str) -> tuple[str, ...]:
    """Return the words in small letters, with a capital, and in capitals: cheaper than to ignore case."""
    return tuple(dict.fromkeys(form for word in words.split() for form in (word, word.capitalize(), word.upper())))


USUAL: Final = in_any_case(_USUAL)
"""In any case of letters a sign of a street."""

MODEST: Final = ("way", "plaza", "cove", "heights", "hts", "manor", "crossing", "xing", "meadows", "gardens", "grove")
"""In small letters a sign of a street behind a label."""

OTHER: Final = tuple(dict.fromkeys([*_OTHER.split(), *_OTHER.upper().split(), *in_any_case(_COMMON)]))
"""Capitalised or in capitals a sign of a street, when more of an address stands beside it."""

UNITS: Final = in_any_case(_UNITS)
"""Before the number or letter of a flat, an office, a floor."""
