"""The text message, counted in parts as networks bill them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from pydantic import Field

from outreach.channels.base import Channel, FlightFields, WordCount
from outreach.channels.counting import reading_time, sms_parts
from outreach.domain.campaign import Flight
from outreach.messages import _


class SmsFields(FlightFields):
    """sign: the signature networks demand in front. opt_out: how to stop. most_parts: parts paid for at most.

    part_cost_fen: the gateway's price of one part, in fen; 0 where it is not known.
    """

    sign_zh: str = Field(min_length=1)
    sign_en: str = ""
    opt_out_zh: str = Field(min_length=1)
    opt_out_en: str = ""
    most_parts: int = Field(default=3, ge=1, le=10)
    part_cost_fen: float = Field(default=0, ge=0, le=1000)


class Sms(Channel):
    """Sending is an attempt; it reaches nobody until they answer."""

    key = "sms"
    zh = "短信"
    en = "SMS"
    counted = True
    materials = ("sms",)
    needs_message = True
    fields = SmsFields
    sample = {"sign_zh": "劳动保险局", "opt_out_zh": "回复TD退订", "part_cost_fen": 4.5}

    def count(self, text: str, language: str, flight: Flight) -> WordCount:
        """Parts as networks bill them; a fault where there are more than the flight pays for."""
        sms = sms_parts(text)
        most = int(str(flight.fields["most_parts"]))
        fault = None
        if sms.parts > most:
            fault = (
                _("the text takes {parts} SMS parts, more than {most}", parts=sms.parts, most=most),
                _("shorten the message or raise most_parts"),
            )
        return WordCount(len(text), reading_time(text, language), sms=sms, fault=fault)


def cost_fen(flight: Flight, parts: int) -> int | None:
    """What so many parts cost in whole fen, None where the flight names no price."""
    price = Decimal(str(flight.fields.get("part_cost_fen", 0)))
    return int((price * parts).quantize(Decimal(1), ROUND_HALF_UP)) if price else None
