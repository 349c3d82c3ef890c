"""What stands before an address: labels of forms and letters, names of fields, and the verbs of sending and living."""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.alternatives import any_of

LABELS: Final = """
address|addresses|addr|address line|address line 1|address_line|address_line_1|address1|address2|addr1|address_1
|street address|street_address|streetaddress|street|street1|line1|line_1
|shipping address|shipping_address|shippingaddress|ship to|ship_to|shipto|shipped to|shipping to|shipping
|delivery address|delivery_address|deliveryaddress|deliver to|deliver_to|delivered to|delivery to|delivery|delivering to
|billing address|billing_address|billingaddress|bill to|invoice to|bill_to|billto|billed to|mailing address
|mailing_address|mail to
|home address|home_address|work address|postal address|postal_address|return address|return to sender|pick up at
|pickup address|pick-up address|send to|sent to|consignee|recipient|residence|residing at|resides at|reside at
|residential address|current address|property address|recipient address|customer address|customer_address|drop off at
|dropoff|drop-off
|adresse
|adresse de livraison|livraison|livrer à|adresse de facturation|expédier à|lieferadresse|lieferanschrift|anschrift
|rechnungsadresse|liefern an|versand an|wohnhaft|straße|strasse|indirizzo|indirizzo di spedizione|spedire a|dirección
|dirección de envío|dirección de entrega|direccion|domicilio|enviar a|adres|afleveradres|bezorgadres|factuuradres
|adres dostawy|ulica|endereço|endereço de entrega|morada|entregar em|leveransadress|adress|leveringsadresse
|zustelladresse|versandadresse|wohnadresse|empfängeradresse|postanschrift|wohnanschrift|liefern sie an|liefern sie es an
|adresse postale|adresse d'expédition|adresse du destinataire|livrer au|livrer à l'adresse|livrer chez|facturer à
|dirección postal|dirección de facturación|domicilio de entrega|entregar en|enviar al|envíen a|direccion de envio
|morada de entrega|morada de faturação|endereço de cobrança|endereço residencial|enviar para|entregar na|entregar no
|indirizzo di consegna|indirizzo di fatturazione|consegnare a|spedire in|residenza|recapito|spedite in|consegnare in
|verzendadres|woonadres|postadres|bezorgen op|leveren op|straatnaam|adressen|postadress|besöksadress|hemadress
|fakturaadress
|skicka till|postadresse|fakturaadresse|hjemmeadresse|send til|leveres til|bostedsadresse|osoite|toimitusosoite
|katuosoite
|kotiosoite|postiosoite|heimilisfang|adres wysyłki|adres do wysyłki|adres zamieszkania|adres odbiorcy|wysłać na
|wysyłkę na adres
|adresa|doručovací adresa|dodací adresa|fakturační adresa|adresa doručení|bydliště|na adresu|dodacia adresa
|adresa doručenia
|naslov|naslov za dostavo|adresa dostave|adresa za dostavu|cím|szállítási cím|lakcím|számlázási cím|adresa de livrare
|domiciliu
|adresa de facturare|aadress|tarneaadress|adrese|piegādes adrese|adresas|pristatymo adresas|adresi|teslimat adresi
|ev adresi
|διεύθυνση|διεύθυνση αποστολής|διεύθυνση παράδοσης|адрес|адрес доставки|адреса|адреса доставки|адрес за доставка
"""

VERBS: Final = """
live at|lives at|living at|lived at|i live on|we live on|moved to|moving to|move to|send it to|send them to
|send this to|send that to|send my|sent it to|ship it to|ship them to|ship this to|ship my|shipped it to
|deliver it to|deliver them to|deliver this to|deliver my|mail it to|mailed to|post it to|forward it to|forward to
|dropped off at|drop it off at
|keys at|i'm at|i am at
|drop it at|drop off
|pick me up at|pick up from|pickup from|picked up from|come to|come by|my house at|my place at|my home at
|my apartment at|my office at|our office at|our house at|new place at|new place is|new address|address is|address to
|address on file|staying at|stay at|based at|located at|lives on|leave it at|left it at|left at|package to|packages to
|parcel to|order to|orders to|it to|them to|redirect to|rerouted to|reroute to|expected at|arriving at|arrive at
|resident of|billed at|item to|items to|product to|products to|goods to
|shipment to|replacement to|delivery at|meet me at|meet at|meeting at|property at|house at|apartment at|home at
|j'habite|habite au|wohne in|wohnt in|wohne im|wohnhaft in|vivo en|vive en|abito in|abita in|moro na|moro no|woon op
|woont op|bor på
|bor i|mieszkam przy|bydlím v|asun osoitteessa|domicilié au|domiciliado en|residente in|residente en
"""


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.replace("\n", "").split("|") if word.strip())


FIELD_NAMES: Final = _words(LABELS)
"""Names of fields and columns that hold an address or its first line."""

_HOME: Final = """
live at|lives at|living at|lived at|address is|new address|moved to|located at|residing at|resides at|my house at
"""


def _label(names: str, verbs: str) -> str:
    names, verbs = any_of(_words(names)), any_of(_words(verbs))
    return (
        # 24 Oak Street is a street, Street: 24 Oak St has a label; what ends a clause is none.
        rf"(?i:(?<![\p{{L}}0-9])(?:{names})(?![\p{{L}}])(?<!street(?=[ \n]\p{{L}}))(?!(?<!addr)[.,] )"
        rf"[^\p{{L}}0-9\n]{{1,6}}"
        rf"|(?<![\p{{L}}])(?:{verbs})(?![\p{{L}}])[ :,\n\r\t]{{1,4}})"
    )


BEFORE: Final = rf"{_label(LABELS, VERBS)}(?:[^0-9\n]{{0,60}}(?:\r?\n[^0-9\n]{{0,40}}){{0,2}}?)??"
"""A label, and up to two lines without a digit: whom it goes to."""

BESIDE: Final = _label(LABELS, _HOME)
"""A label with nothing between it and the number."""

TALK: Final = (
    r"(?i:\b(?:deliver(?:y|ies|ed|ing|s)?|shipp(?:ed|ing)|ship(?:ment|s)?|parcels?|packages?|courier|tracking"
    r"|customer|recipient"
    r"|checkout|invoice|doorstep|mailbox|(?:my|our|your|his|her|their|new|old|the) (?:new |old |home |work |billing )?"
    r"(?:house|home|(?<!the )place|apartment|flat|address|office|apt|condo|residence))\b)"
)
"""Words of sending and of living somewhere: near a street they say that somebody is to be found there."""

TALK_OF_EUROPE: Final = (
    r"(?i:(?<![\p{L}])(?:paket\w{0,6}|liefer\w{2,12}|versand\w{0,8}|zustell\w{2,8}|sendung|bestell\w{2,12}"
    r"|empfänger\w{0,3}|kund\w{1,6}|anschrift"
    r"|colis|livr(?:er|é|ée|aison|ez)|commande|destinataire|expédi\w{2,10}|client\w{0,3}|paquete|pedido"
    r"|env[ií][oae]\w{0,6}|entreg\w{1,6}|destinatari\w{1,2}"
    r"|pacco|spedi\w{2,10}|consegn\w{1,6}|ordine|encomenda|morada|pakje|pakket\w{0,3}|bezorg\w{1,8}|verzend\w{1,8}"
    r"|bestelling|klant\w{0,6}"
    r"|paczk\w{1,4}|przesył\w{2,6}|wysył\w{1,6}|wysła\w{1,6}|dostaw\w{1,4}|zamówieni\w{1,3}|zásilk\w{1,4}"
    r"|balík\w{0,3}|doruč\w{2,8}|objednávk\w{1,3}"
    r"|leverans\w{0,4}|leverer\w{0,3}|leveres|pakke\w{0,5}|levering\w{0,3}|bestilling\w{0,3}|beställning\w{0,3}"
    r"|toimitus\w{0,6}|paketti\w{0,3}|tilaus\w{0,4}"
    r"|csomag\w{0,6}|szállít\w{1,8}|rendelés\w{0,4}|colet\w{0,4}|livrare|comand\w{1,4}|adress?e?[na]?s?|adresu"
    r"|indirizzo|direcci[oó]n|endereço|telefon\w{0,3}|tél|tlf|tel)(?![\p{L}]))"
)
"""The same in the languages of the continent."""
