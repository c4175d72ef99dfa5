"""Degrees on the globe to metres in a plane."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from outreach.errors import Fault, refuse_if_any
from outreach.messages import _

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius R1 = (2a + b) / 3 of the WGS 84 ellipsoid (NIMA TR8350.2): a = 6378137 m, b = 6356752.3142 m."""


def project(lonlat: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Longitude and latitude (WGS 84 degrees) to metres in a plane about their mean.

    Local equirectangular: x = R cos(lat0) (lon - lon0), y = R (lat - lat0), angles in radians, R = EARTH_RADIUS_M,
    (lon0, lat0) the mean of all pairs (Snyder, Map Projections, USGS PP 1395, section 12). Project homes and bases
    together: each call has an origin of its own. Raises BadInput naming every pair that is no place.
    """
    refuse_if_any(_lonlat_faults(lonlat))
    if not lonlat:
        return []
    lon0 = math.fsum(lon for lon, _lat in lonlat) / len(lonlat)
    lat0 = math.fsum(lat for _lon, lat in lonlat) / len(lonlat)
    metres_per_degree = math.radians(EARTH_RADIUS_M)
    shrink = math.cos(math.radians(lat0))
    return [((lon - lon0) * shrink * metres_per_degree, (lat - lat0) * metres_per_degree) for lon, lat in lonlat]


def _lonlat_faults(lonlat: Sequence[tuple[float, float]]) -> Iterable[Fault]:
    for number, (lon, lat) in enumerate(lonlat, start=1):
        if not (abs(lon) <= 180 and abs(lat) <= 90):  # false for NaN too
            yield Fault(
                _("position {number}", number=number),
                _("({lon}, {lat}) is no place on Earth", lon=lon, lat=lat),
                _("give longitude (-180 to 180) first, then latitude (-90 to 90), in degrees"),
            )
