"""What is built, by whom and in how many days: the work of a tower, as tables to be laid over levels and zones."""

from __future__ import annotations

from typing import NamedTuple

from bentley_nb.sandbox.programme.calendar_items import FIVE_DAY, SEVEN_DAY, SIX_DAY


class TradeWork(NamedTuple):
    """One activity of a table; ``detail`` 2 is left out of small schedules."""

    name: str
    days: int
    trade: str
    crew: int
    quantity: float = 0.0
    unit: str = "Unknown"
    calendar: int = SIX_DAY
    detail: int = 1


class Package(NamedTuple):
    """Something designed and made elsewhere: days to draw, approve, make and deliver, and its trade."""

    name: str
    days: tuple[int, int, int, int]
    trade: str


# Trade: what its crew is called, the company that supplies it, its equipment and its main material.
TRADES: dict[str, tuple[str, str, str | None, str | None]] = {
    "Preliminaries": ("Site management team", "Northgate Construction", "Site cabins", None),
    "Design": ("Design team", "Aalto & Reyes Architects", None, None),
    "Procurement": ("Procurement team", "Northgate Construction", None, None),
    "Demolition": ("Demolition gang", "Brightwater Groundworks", "Excavator 30 t", None),
    "Piling": ("Piling rig crew", "Brightwater Groundworks", "Bored piling rig", "Concrete C40/50"),
    "Earthworks": ("Earthworks gang", "Brightwater Groundworks", "Excavator 30 t", None),
    "Waterproofing": ("Waterproofing gang", "Sealwell Membranes", None, "Bentonite membrane"),
    "Concrete": ("Concrete gang", "Kestrel Structures", "Concrete pump", "Concrete C40/50"),
    "Reinforcement": ("Steel fixers", "Kestrel Structures", "Tower crane TC1", "Reinforcement B500B"),
    "Formwork": ("Formwork carpenters", "Kestrel Structures", "Tower crane TC1", "Table forms"),
    "Structural Steel": ("Steel erectors", "Kestrel Structures", "Tower crane TC1", "Steel sections S355"),
    "Facade": ("Facade installers", "Lumina Facades", "Mast climber", "Curtain wall panels"),
    "Roofing": ("Roofers", "Sealwell Membranes", None, "Roof membrane"),
    "Mechanical": ("Ductwork fitters", "Meridian Building Services", None, "Galvanised ductwork"),
    "Plumbing": ("Pipe fitters", "Meridian Building Services", None, "Pipework"),
    "Electrical": ("Electricians", "Volta Electrical", None, "Cable and containment"),
    "Fire Protection": ("Sprinkler fitters", "Volta Electrical", None, "Sprinkler pipework"),
    "Lifts": ("Lift installers", "Ascend Lifts", "Builder's hoist", "Lift equipment"),
    "Drylining": ("Dryliners", "Harrow Interiors", None, "Plasterboard"),
    "Finishes": ("Finishing gang", "Harrow Interiors", None, "Floor and wall tiles"),
    "Joinery": ("Joiners", "Harrow Interiors", None, "Doors and joinery"),
    "External Works": ("Landscape gang", "Greenline Landscapes", "Excavator 30 t", "Granite paving"),
    "Commissioning": ("Commissioning engineers", "Meridian Building Services", None, None),
}

PACKAGES = (
    Package("Bored piles and capping beam", (15, 10, 20, 5), "Piling"),
    Package("Reinforcement and couplers", (20, 10, 25, 5), "Reinforcement"),
    Package("Unitised curtain wall", (60, 25, 90, 15), "Facade"),
    Package("Passenger and goods lifts", (40, 20, 130, 10), "Lifts"),
    Package("Chillers and cooling towers", (30, 15, 110, 5), "Mechanical"),
    Package("LV switchgear and generators", (30, 15, 120, 5), "Electrical"),
    Package("Sprinkler pumps and tanks", (25, 10, 70, 5), "Fire Protection"),
    Package("Doorsets and ironmongery", (30, 15, 60, 10), "Joinery"),
    # The eight above are those of a small schedule, fewer in a very small one.
    Package("Air handling units", (25, 15, 90, 5), "Mechanical"),
    Package("Building management system", (40, 15, 60, 5), "Electrical"),
    Package("Sanitary ware and pods", (30, 15, 75, 10), "Plumbing"),
    Package("Facade maintenance unit", (30, 15, 100, 5), "Facade"),
    Package("Stone flooring", (25, 15, 80, 10), "Finishes"),
    Package("Street furniture and lighting", (20, 10, 50, 5), "External Works"),
)

ENABLING = (
    TradeWork("Site hoarding and gates", 6, "Preliminaries", 6, 420, "Meter", FIVE_DAY),
    TradeWork("Site cabins and welfare", 8, "Preliminaries", 8, calendar=FIVE_DAY),
    TradeWork("Condition survey of neighbouring quay wall", 5, "Preliminaries", 2, calendar=FIVE_DAY),
    TradeWork("Divert HV cable in Quay Street", 18, "Electrical", 6, 180, "Meter", FIVE_DAY),
    TradeWork("Demolish warehouse and grub up foundations", 24, "Demolition", 10, 5_200, "CubicMeter"),
    TradeWork("Piling platform", 6, "Earthworks", 8, 1_900, "CubicMeter"),
)

SUBSTRUCTURE = (
    TradeWork("Bored piles, Zone A", 22, "Piling", 8, 64, "Each"),
    TradeWork("Bored piles, Zone B", 22, "Piling", 8, 58, "Each"),
    TradeWork("Pile integrity and load tests", 8, "Piling", 3, 12, "Each", FIVE_DAY),
    TradeWork("Secant wall and capping beam", 24, "Piling", 12, 310, "Meter"),
    TradeWork("Excavate to B1 and install props", 18, "Earthworks", 12, 9_800, "CubicMeter"),
    TradeWork("Excavate to formation", 16, "Earthworks", 12, 8_600, "CubicMeter"),
    TradeWork("Pile caps and lift pits", 14, "Concrete", 16, 640, "CubicMeter"),
    TradeWork("Tanking to underside of raft", 8, "Waterproofing", 6, 2_150, "SquareMeter"),
    TradeWork("Raft reinforcement", 16, "Reinforcement", 24, 310, "Tonne"),
    TradeWork("Raft pour, Zone A", 2, "Concrete", 32, 1_450, "CubicMeter", SEVEN_DAY),
    TradeWork("Raft pour, Zone B", 2, "Concrete", 32, 1_380, "CubicMeter", SEVEN_DAY),
)

# One zone of one level, in order; the last one is the slab pour.
STRUCTURE = (
    TradeWork("Core wall reinforcement", 2, "Reinforcement", 10, 9.5, "Tonne", detail=2),
    TradeWork("Columns and core walls", 4, "Formwork", 14, 85, "CubicMeter"),
    TradeWork("Table forms and edge protection", 3, "Formwork", 16, 540, "SquareMeter", detail=2),
    TradeWork("Slab formwork and reinforcement", 4, "Reinforcement", 18, 14.5, "Tonne"),
    TradeWork("Slab services and embedments", 1, "Electrical", 4, detail=2),
    TradeWork("Slab pour", 1, "Concrete", 14, 165, "CubicMeter"),
)

FACADE = (
    TradeWork("Brackets and fire stops", 4, "Facade", 6, 96, "Each", detail=2),
    TradeWork("Unitised curtain wall panels", 7, "Facade", 8, 640, "SquareMeter"),
    TradeWork("Seals and internal closures", 4, "Facade", 4, 220, "Meter"),
)

SERVICES = (
    TradeWork("Ductwork first fix", 8, "Mechanical", 8, 310, "SquareMeter"),
    TradeWork("Chilled water and heating pipework", 7, "Plumbing", 6, 260, "Meter"),
    TradeWork("Drainage and water pipework", 6, "Plumbing", 6, 180, "Meter", detail=2),
    TradeWork("Containment and cabling first fix", 8, "Electrical", 8, 940, "Meter"),
    TradeWork("Sprinkler pipework", 5, "Fire Protection", 4, 240, "Meter", detail=2),
    TradeWork("Services second fix and terminal units", 7, "Electrical", 8, 120, "Each"),
)

FIT_OUT = (
    TradeWork("Blockwork and risers", 5, "Drylining", 6, 140, "SquareMeter", detail=2),
    TradeWork("Partitions, first side", 6, "Drylining", 10, 520, "SquareMeter"),
    TradeWork("Close partitions and ceilings", 7, "Drylining", 10, 880, "SquareMeter"),
    TradeWork("Screeds", 3, "Finishes", 6, 760, "SquareMeter", detail=2),
    TradeWork("Wall and floor tiling", 6, "Finishes", 6, 210, "SquareMeter", detail=2),
    TradeWork("Painting and floor finishes", 7, "Finishes", 8, 1_900, "SquareMeter"),
    TradeWork("Doors and joinery", 5, "Joinery", 6, 42, "Each"),
    TradeWork("Level inspection and builder's clean", 3, "Finishes", 4, detail=2),
)

PLANT_AND_LIFTS = (
    TradeWork("Roof waterproofing", 10, "Roofing", 8, 980, "SquareMeter"),
    TradeWork("Roof plant steelwork", 10, "Structural Steel", 8, 46, "Tonne"),
    TradeWork("Set chillers and cooling towers", 8, "Mechanical", 8, 5, "Each"),
    TradeWork("Plant room pipework and insulation", 20, "Plumbing", 8, 420, "Meter"),
    TradeWork("Basement switch room and generators", 22, "Electrical", 8, 6, "Each"),
    TradeWork("Sprinkler pump room", 12, "Fire Protection", 4, 2, "Each"),
    TradeWork("Lift guide rails and machine room", 25, "Lifts", 6, 5, "Each"),
    TradeWork("Lift cars, doors and adjustment", 20, "Lifts", 6, 5, "Each"),
)

EXTERNAL = (
    TradeWork("Surface water drainage and attenuation", 15, "External Works", 8, 260, "Meter"),
    TradeWork("Utility connections", 12, "External Works", 6, 4, "Each", FIVE_DAY),
    TradeWork("Granite paving and steps", 18, "External Works", 10, 1_450, "SquareMeter"),
    TradeWork("Planting and street furniture", 10, "External Works", 6, 34, "Each", FIVE_DAY),
)

COMMISSIONING = (
    TradeWork("Flush and dose pipework", 8, "Commissioning", 4),
    TradeWork("Energise LV distribution", 5, "Electrical", 4),
    TradeWork("Commission ventilation and cooling", 15, "Commissioning", 6),
    TradeWork("Commission fire alarm and smoke control", 10, "Fire Protection", 4),
    TradeWork("Lift inspection by the authority", 4, "Lifts", 2, calendar=FIVE_DAY),
    TradeWork("Integrated systems test", 5, "Commissioning", 8),
    TradeWork("Fire authority witness test", 2, "Commissioning", 6, calendar=FIVE_DAY),
    TradeWork("Snagging and defects", 15, "Finishes", 12),
    TradeWork("O&M manuals and client training", 10, "Commissioning", 3, calendar=FIVE_DAY),
)

# Activities that have something to show in the 3D model: how many elements each, and what they are called.
MODELLED = {
    "Bored piles": (8, "Bored pile"),
    "Raft pour": (1, "Raft"),
    "Columns and core walls": (6, "Column"),
    "Slab pour": (1, "Slab"),
    "Unitised curtain wall panels": (8, "Curtain wall panel"),
    "Ductwork first fix": (3, "Duct"),
}
