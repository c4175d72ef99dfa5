"""Routes for maps and hand-held receivers: GeoJSON (RFC 7946) and GPX 1.1, WGS 84 both."""

from __future__ import annotations

import datetime as dt
import json
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_GPX = "http://www.topografix.com/GPX/1/1"
_PLACES = 6
"""Decimals of a degree: a tenth of a metre."""

Place = tuple[float, float]
"""Longitude and latitude, WGS 84 degrees."""


@dataclass(frozen=True, slots=True)
class TrackStop:
    """One point of a route. at: zoned. facts: what a map shows of it, plain text or numbers."""

    name: str
    place: Place
    at: dt.datetime
    facts: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Track:
    """One route: its stops in order. base: where it begins and ends, None where that is not told."""

    name: str
    stops: Sequence[TrackStop]
    base: Place | None = None
    facts: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def way(self) -> list[Place]:
        """The places in order, those that follow themselves once."""
        places = [stop.place for stop in self.stops]
        legs = [self.base, *places, self.base] if self.base else places
        return [place for before, place in zip([None, *legs], legs, strict=False) if place != before]


def make_geojson(track: Track) -> bytes:
    """A FeatureCollection: the way as a LineString (none where all stops are in one place), then a Point each stop."""
    features: list[object] = []
    way = track.way
    if len(way) > 1:
        line = {"type": "LineString", "coordinates": [_position(place) for place in way]}
        features.append({"type": "Feature", "geometry": line, "properties": {"name": track.name, **track.facts}})
    for stop in track.stops:
        point = {"type": "Point", "coordinates": _position(stop.place)}
        properties = {"name": stop.name, "at": stop.at.isoformat(), **stop.facts}
        features.append({"type": "Feature", "geometry": point, "properties": properties})
    whole = {"type": "FeatureCollection", "features": features}
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def make_gpx(track: Track) -> bytes:
    """A GPX 1.1 route: a point for the base, one for each stop with its name and hour, and the base again."""
    ET.register_namespace("", _GPX)
    root = ET.Element(f"{{{_GPX}}}gpx", {"version": "1.1", "creator": "outreach"})
    route = ET.SubElement(root, f"{{{_GPX}}}rte")
    _text(route, "name", track.name)
    if track.base:
        _point(route, track.base)
    for stop in track.stops:
        point = _point(route, stop.place)
        _text(point, "time", stop.at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
        _text(point, "name", stop.name)
        if words := ", ".join(fact for fact in stop.facts.values() if isinstance(fact, str) and fact):
            _text(point, "desc", words)
    if track.base:
        _point(route, track.base)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _point(route: ET.Element, place: Place) -> ET.Element:
    lon, lat = place
    return ET.SubElement(route, f"{{{_GPX}}}rtept", {"lat": f"{lat:.{_PLACES}f}", "lon": f"{lon:.{_PLACES}f}"})


def _text(parent: ET.Element, tag: str, words: str) -> None:
    # XML has no way to write the other control characters.
    ET.SubElement(parent, f"{{{_GPX}}}{tag}").text = "".join(sign for sign in words if sign >= " " and sign != "\x7f")


def _position(place: Place) -> list[float]:
    return [round(degrees, _PLACES) for degrees in place]
