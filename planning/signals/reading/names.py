"""What other systems and languages call our columns and files."""

import re
import unicodedata
from functools import lru_cache

from planning.domain.schema import INPUT

#: Our column → names of it, the surest first: English, German, French, Spanish, Italian, Portuguese, Dutch,
#: then the exports of shops, CRMs and advertisers. Written as `plain` leaves them.
COLUMNS: dict[str, str] = {
    "order_id": (
        "order id|order number|order no|order|sales order|so number|ordernumber|purchase order|invoice|"
        "invoice no|invoiceno|auftragsnummer|auftragsnr|auftrag|bestellnummer|bestellung|belegnummer|"
        "numero de commande|no commande|commande|numero de pedido|pedido|numero ordine|ordine|"
        "numero da encomenda|encomenda|ordernummer|bestelnummer|order name|name"
    ),
    "line": (
        "line|order line|line number|line no|orderlinenumber|position|pos|positionsnummer|ligne|linea|riga|"
        "linha|regel|orderregel"
    ),
    "order_date": (
        "order date|orderdate|ordered|ordered on|created at|invoice date|invoicedate|bestelldatum|"
        "auftragsdatum|date de commande|fecha de pedido|fecha del pedido|data ordine|data da encomenda|"
        "data do pedido|besteldatum|orderdatum"
    ),
    "due_date": (
        "due date|due|delivery date|requested delivery|requested delivery date|requested date|required date|"
        "ship by|promised date|liefertermin|lieferdatum|wunschtermin|faellig|fallig|faelligkeit|"
        "date de livraison|livraison|echeance|fecha de entrega|entrega|data di consegna|data consegna|"
        "consegna|data de entrega|leverdatum|gewenste leverdatum"
    ),
    "product": (
        "product|product id|product code|productcode|sku|item|item number|item no|item sku|lineitem sku|"
        "stockcode|stock code|material|article|article number|artikel|artikelnummer|artikelnr|artnr|produkt|"
        "produktnummer|produit|reference|ref|code article|producto|articulo|codigo|codigo de producto|"
        "prodotto|articolo|codice articolo|produto|artigo|codigo do produto|product nummer|productnummer|"
        "item id"
    ),
    "market": (
        "market|country|ship to country|shipping country|shipping country code|region|territory|markt|land|"
        "lieferland|marche|pays|region de vente|mercado|pais|mercato|paese|afzetmarkt|billing country|"
        "account region"
    ),
    "quantity": (
        "quantity|qty|units|pieces|pcs|quantityordered|quantity ordered|lineitem quantity|ordered quantity|"
        "menge|anzahl|stueck|stuck|stueckzahl|stuckzahl|bestellmenge|quantite|qte|quantite commandee|"
        "cantidad|cant|unidades|quantita|qta|pezzi|quantidade|qtd|aantal|hoeveelheid|item quantity"
    ),
    "quantity_shipped": (
        "quantity shipped|shipped quantity|qty shipped|delivered quantity|gelieferte menge|geliefert|"
        "quantite livree|cantidad enviada|quantita spedita|quantidade enviada|geleverd aantal"
    ),
    "status": "status|order status|state|statut|estado|stato|auftragsstatus|fulfillment status",
    "customer": (
        "customer|customer name|customername|customer id|customerid|account|account name|client|company|"
        "company name|associated company|kunde|kundenname|kundennummer|cliente|nombre del cliente|klant|"
        "klantnaam|nom du client"
    ),
    "priority": "priority|prioritaet|prioritat|prioritaet klasse|priorite|prioridad|priorita|prioridade",
    "unit_price": (
        "unit price|unitprice|price|priceeach|price each|lineitem price|sales price|preis|stueckpreis|"
        "stuckpreis|einzelpreis|prix unitaire|prix|precio|precio unitario|prezzo|prezzo unitario|preco|"
        "preco unitario|prijs|stuksprijs|item price"
    ),
    "opportunity_id": (
        "opportunity id|opportunity number|deal id|record id|opportunity|deal|angebot|angebotsnummer|"
        "id de l opportunite|id oportunidad|opportunity name|deal name|quote|quote number"
    ),
    "source": "source|lead source|original source|origin|pipeline|quelle|herkunft|origine|origen|fonte|bron",
    "observed_date": (
        "observed date|last modified date|last modified|last activity date|created date|create date|"
        "createdate|erstellt|erfasst am|date de creation|fecha de creacion|data di creazione|aangemaakt"
    ),
    "stage": "stage|deal stage|dealstage|sales stage|phase|verkaufsphase|etape|etapa|fase|stadio",
    "probability": (
        "probability|deal probability|win probability|forecast probability|wahrscheinlichkeit|probabilite|"
        "probabilidad|probabilita|probabilidade|kans|waarschijnlijkheid"
    ),
    "expected_date": (
        "expected date|close date|closedate|closing date|expected close|delivery date|abschlussdatum|"
        "erwarteter abschluss|date de cloture|fecha de cierre|data di chiusura|data de fechamento|sluitdatum"
    ),
    "date": (
        "date|day|datum|tag|jour|dia|fecha|giorno|data|dag|reporting starts|send date|week|woche|semaine|"
        "semana|settimana|month|monat|invoice date|order date"
    ),
    "week": "week|woche|kw|kalenderwoche|calendar week|semaine|semana|settimana|due week",
    "channel": (
        "channel|session source medium|session default channel group|source medium|kanal|canal|canale|"
        "kanaal|medium|campaign channel|platform|network"
    ),
    "campaign": "campaign|campaign name|campaign id|kampagne|campagne|campana|campagna|campanha",
    "family": "family|product family|productline|product line|category|produktfamilie|warengruppe|famille|"
    "familia|famiglia|categoria|productgroep",
    "impressions": "impressions|impr|impressionen|views|impresiones|impressioni|impressoes|vertoningen|"
    "total recipients|recipients",
    "clicks": "clicks|link clicks|unique clicks|klicks|clics|clic|cliques|klikken",
    "visits": "visits|sessions|sitzungen|besuche|visites|visitas|visite|sessies|bezoeken",
    "carts": "carts|add to carts|adds to cart|warenkoerbe|warenkorbe|paniers|carritos|carrelli",
    "leads": "leads|form submissions|kontakte|conversions",
    "spend": "spend|cost|amount spent|kosten|ausgaben|cout|depense|gasto|coste|spesa|costo|custo|uitgaven",
    "start_date": "start date|start|from|beginn|von|startdatum|date de debut|fecha de inicio|data inizio",
    "end_date": "end date|end|to|until|ende|bis|enddatum|date de fin|fecha de fin|data fine",
    "factory": "factory|plant|warehouse|location|werk|lager|usine|fabrica|fabbrica|fabriek",
    "price": "price|list price|msrp|preis|listenpreis|prix|precio|prezzo|preco|prijs",
    "name": "name|product name|title|bezeichnung|beschreibung|description|designation|nombre|nome|naam",
    "currency": "currency|waehrung|wahrung|devise|moneda|valuta|moeda",
    "rate": "rate|exchange rate|kurs|taux|tasa|tasso|taxa|koers",
}

#: Table → words of file names that mean it.
FILES: dict[str, str] = {
    "orders": "orders|order|sales|bestellungen|auftraege|auftrage|commandes|pedidos|ordini|encomendas|"
    "bestellingen",
    "opportunities": "opportunities|opportunity|deals|pipeline|angebote|opportunites|oportunidades|quotes",
    "history": "history|demand|verlauf|absatz|historie|historique|historico|storico",
    "campaigns": "campaigns|kampagnen|campagnes|campanas|campagne|campanhas",
    "activity": "activity|traffic|sessions|ads|analytics|ga4",
    "stock": "stock|inventory|bestand|bestaende|inventaire|existencias|giacenze|voorraad",
    "returns": "returns|retouren|retours|devoluciones|resi|devolucoes",
    "products": "products|produkte|artikel|produits|productos|prodotti|produtos|producten",
    "forecast": "forecast|prognose|prevision|previsiones|previsioni|previsao",
}

#: A row that begins so adds up others.
TOTALS = frozenset(
    {
        *("total", "totals", "grand total", "subtotal", "sub total", "sum", "overall", "summe", "gesamt"),
        *("gesamtsumme", "zwischensumme", "insgesamt", "total general", "total generale", "sous total"),
        *("somme", "suma", "totale", "somma", "soma", "totaal", "subtotaal"),
    }
)

#: Words for a choice of ours.
WORDS: dict[str, str] = {
    word: ours
    for ours, words in {
        "confirmed": "confirmed|bestaetigt|bestatigt|confirme|confirmado|confermato|bevestigd",
        "shipped": "shipped|versandt|versendet|expedie|enviado|spedito|verzonden",
        "cancelled": "cancelled|canceled|storniert|annule|cancelado|annullato|geannuleerd",
        "open": "open|offen|ouvert|abierto|abierta|aperto|aberto",
        "won": "won|closed won|closedwon|gewonnen|gagne|ganado|ganada|vinto|ganho",
        "lost": "lost|closed lost|closedlost|verloren|perdu|perdido|perdida|perso",
    }.items()
    for word in words.split("|")
}

_SYNONYMS = {column: names.split("|") for column, names in COLUMNS.items()}
_FILES = {table: set(words.split("|")) for table, words in FILES.items()}
KNOWN = frozenset(name for names in _SYNONYMS.values() for name in names) | frozenset(
    column.replace("_", " ") for table in INPUT.values() for column in table.columns
)


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """A name in small letters, without accents and signs: "Menge (Stück)" is `menge stuck`."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return re.sub(r"[^0-9a-z]+", " ", bare).strip()


def rank(heading: str, column: str) -> int | None:
    """How surely a heading means our column, 0 the surest; None when it does not."""
    said = plain(heading)
    if said == column.replace("_", " "):
        return 0
    names = _SYNONYMS.get(column, [])
    for name in (said, plain(re.sub(r"[(\[].*?[)\]]", " ", heading))):
        if name and name in names:
            return 1 + names.index(name)
    return None


def is_known(heading: str) -> bool:
    """Whether a heading means any column of ours."""
    said = plain(heading)
    return said in KNOWN or plain(re.sub(r"[(\[].*?[)\]]", " ", heading)) in KNOWN


def tables_named(file: str) -> list[str]:
    """Tables whose word occurs in the name of a file."""
    words = set(plain(file.rpartition("/")[2].rpartition(".")[0] or file).split())
    return [table for table, names in _FILES.items() if words & names]
