"""The values a layout receives: the campaign's words and one piece's facts, as plain nested data.

Every name here is declared, with a label and a sample, in the material kinds' manifests.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from outreach.domain.campaign import Campaign, Flight
from outreach.domain.directory import phone_digits, phone_printed
from outreach.domain.greeting import greeting
from outreach.domain.people import Household, Officer, Person
from outreach.render.code import vcard
from outreach.render.text import Text, compile_text, render_all

Values = dict[str, Any]

NO_PHONE = "—"


def printed_day(day: dt.date, language: str) -> str:
    """The day as a letter prints it: '2005年3月1日' or '1 March 2005'."""
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


# Not strftime: the printed language is the material's, whatever the machine's locale is.
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


def printed_month(day: dt.date, language: str) -> str:
    """The month of a day, short enough for a table: '2005年3月' or 'Mar 2005'."""
    return f"{day.year}年{day.month}月" if language == "zh" else f"{_MONTHS[day.month - 1][:3]} {day.year}"


def printed_span(first: dt.date, last: dt.date, language: str) -> str:
    """A stretch of days without the year: '5月1日至7日' or '1-7 May'."""
    if language == "zh":
        start = f"{first.month}月{first.day}日"
        if first == last:
            return start
        return f"{start}至{last.day}日" if first.month == last.month else f"{start}至{last.month}月{last.day}日"
    end = f"{last.day} {_MONTHS[last.month - 1]}"
    if first == last:
        return end
    return f"{first.day}–{end}" if first.month == last.month else f"{first.day} {_MONTHS[first.month - 1]} – {end}"


def base_values(campaign: Campaign, language: str, day: dt.date) -> Values:
    """What every material of a campaign shares: `bureau`, `campaign` and `date`."""
    bureau, texts = campaign.bureaus[language], campaign.texts[language]
    return {
        "bureau": {
            "name": bureau.name,
            "address": bureau.address,
            "hours": bureau.hours,
            "hotline": phone_printed(bureau.hotline),
            "complaint_phone": phone_printed(bureau.complaint_phone),
        },
        "campaign": {
            "title": texts.title,
            "slogan": texts.slogan,
            "lead": texts.lead,
            "promise": list(texts.promise),
            "policy": list(texts.policy),
            "papers": list(texts.papers),
        },
        "slip": list(texts.slip),
        "date": printed_day(day, language),
    }


def officer_values(officer: Officer) -> Values:
    """An officer as printed; phones are grouped for reading.

    A second phone that the officer has not is a dash; a mobile that is not known is '', which stops the print.
    """
    return {
        "name": officer.name,
        "post": officer.post,
        "title": officer.title,
        "section": officer.section,
        "mobile": _phone(officer.mobile),
        "home_phone": _phone(officer.home_phone) or NO_PHONE,
        "office_phone": _phone(officer.office_phone) or NO_PHONE,
    }


def officer_card(officer: Officer, bureau_name: str) -> str:
    """The officer's vCard for a QR code."""
    return vcard(
        officer.name,
        organisation=bureau_name,
        title=officer.title,
        mobile=officer.mobile,
        office_phone=officer.office_phone,
        home_phone=officer.home_phone,
    )


def bureau_card(campaign: Campaign, language: str) -> str:
    """The bureau's vCard for a QR code."""
    bureau = campaign.bureaus[language]
    return vcard(bureau.name, organisation=bureau.name, office_phone=bureau.hotline, address=bureau.address)


def letter_paragraphs(campaign: Campaign, language: str) -> list[Text]:
    """The campaign's letter, compiled once for all households; raises BadInput where a line is no template."""
    return [
        compile_text(line, name=f"campaign.toml, texts.{language}.letter[{index}]")
        for index, line in enumerate(campaign.texts[language].letter)
    ]


def letter_values(
    base: Mapping[str, Any],
    paragraphs: Sequence[Text],
    household: Household,
    officer: Officer,
    language: str,
    money: Mapping[str, Any] | None = None,
) -> Values:
    """One household's letter. A household's months lapsed are its longest; unknown months are left out.

    paragraphs: none where the kind does not ask for them; the value is then left out. money: the statements and the
    payment, where the kind asks for them.
    """
    months = [person.months_lapsed for person in household.persons if person.months_lapsed is not None]
    home: Values = {"code": household.code, "address": household.address.line(language)}
    if months:
        home["months_lapsed"] = max(months)
    values: Values = {
        **base,
        "household": home,
        "greeting": greeting(household, language),
        "persons": [_person_values(person) for person in household.persons],
        "officer": officer_values(officer),
        "qr": household.code,
        **(money or {}),
    }
    if paragraphs:
        values["paragraphs"] = render_all(paragraphs, values, where=household.code)
    return values


def card_values(
    base: Mapping[str, Any],
    number: int,
    person: Person,
    household: Household,
    officer: Officer,
    contact: str,
) -> Values:
    """One person's service card; `contact` is the officer's vCard."""
    return {
        **base,
        "number": f"{number:06d}",
        "person": {"name": person.name},
        "household": {"code": household.code},
        "officer": officer_values(officer),
        "officer_qr": contact,
    }


def door_line(homes: Sequence[Household], language: str) -> str:
    """The address of the entrance where `homes` live, without unit, floor and room."""
    address = homes[0].address
    return type(address)(address.community, address.compound, address.building, address.entrance).line(language)


def notice_values(
    base: Mapping[str, Any],
    homes: Sequence[Household],
    officers: Sequence[Officer],
    flight: Flight | None,
    visits: str,
    language: str,
) -> Values:
    """One entrance's notice: its address, the officers in charge there, and when it is taken down."""
    address = homes[0].address
    bureau_name = base["bureau"]["name"]
    values: Values = {
        **base,
        "entrance": {"address": door_line(homes, language), "community": address.community},
        "officers": [
            officer_values(officer) | {"code": officer.code, "qr": officer_card(officer, bureau_name)}
            for officer in officers
        ],
        "visits": visits,
    }
    remove_by = flight.fields.get("remove_by") if flight else None
    if isinstance(remove_by, dt.date):
        values["remove_by"] = printed_day(remove_by, language)
    return values


def poster_values(base: Mapping[str, Any], campaign: Campaign, language: str) -> Values:
    """The campaign's poster with its booths."""
    return {
        **base,
        "booths": _booths(campaign, language),
        "bureau_qr": bureau_card(campaign, language),
    }


def flight_values(base: Mapping[str, Any], campaign: Campaign, flight: Flight, language: str) -> Values:
    """What a text for one flight may say: the base, its `message`, `place`, and the channel's own words.

    `flight` holds the channel's numbers, such as a crawl's seconds and loops.
    """
    own = {
        name.removesuffix(f"_{language}"): value
        for name, value in flight.fields.items()
        if isinstance(value, str) and (not name.endswith(("_zh", "_en")) or name.endswith(f"_{language}"))
    }
    message = campaign.messages[flight.message].words[language] if flight.message else ""
    numbers = {name: value for name, value in flight.fields.items() if isinstance(value, int | float)}
    return {**base, "message": message, "place": flight.place.get(language, ""), "flight": numbers, **own}


def _person_values(person: Person) -> Values:
    # An unknown gap shows as a dash in the table; the household's own figure is what a letter cannot do without.
    months = "—" if person.months_lapsed is None else str(person.months_lapsed)
    return {"name": person.name, "months_lapsed": months, "employer": person.employer}


def _booths(campaign: Campaign, language: str) -> list[Values]:
    """The booths by day and hour; those open at the same times share a line."""
    places: dict[str, list[str]] = {}
    for flight in campaign.flights:
        if flight.channel == "booth":
            hours = ", ".join(f"{slot.starts:%H:%M}–{slot.ends:%H:%M}" for slot in flight.slots if slot.ends)
            when = f"{printed_span(flight.starts, flight.ends, language)} {hours}"
            places.setdefault(when, []).append(flight.place.get(language) or flight.place.get("zh", ""))
    joined = "、" if language == "zh" else ", "
    return [{"place": joined.join(dict.fromkeys(names)), "when": when} for when, names in places.items()]


def _phone(text: str) -> str:
    return phone_printed(text) if phone_digits(text) else text
