"""What people call the columns of a campaign, in five languages and without accents."""

from __future__ import annotations

import re
import unicodedata

ID = (
    *("row_id", "customer_id", "client_id", "user_id", "member_id", "contact_id", "customer", "id"),
    *("kundennummer", "kundennr", "kunden_nr", "kunden_id", "kundenid", "kunden_nummer", "kunde"),
    *("numero_client", "num_client", "id_client", "client", "id_cliente", "numero_cliente", "cliente"),
    *("klantnummer", "klantnr", "klant_id", "klantid", "klant"),
)
ID_WORDS = ("id", "nr", "customer", "kunde", "client", "cliente", "klant")
"""A column of different values with one of these words is an id."""
ID_PARTS = re.compile(r"kunden?(id|nr|konto)|klant(id|nr)|nummer|customer_?(id|no|nr|num)")
"""So is one whose name contains this."""
PERSONS = ("customer", "client", "cliente", "kunde", "kunden", "klant", "user", "member", "contact")
NUMBERS = ("number", "numero", "num", "no")
"""A number of one of the persons is an id; a number alone may count something."""

TREATMENT = (
    *("treatment", "treated", "treat", "arm", "group", "variant"),
    *("testgruppe", "versuchsgruppe", "gruppe", "variante", "behandlung", "behandelt", "kontaktiert"),
    *("groupe", "traitement", "traite", "contacte", "bras", "grupo", "tratamiento", "tratado", "contactado"),
    *("testgroep", "groep", "variant", "behandeling", "behandeld"),
    *("segment", "exposure", "campaign", "kampagne", "campagne", "campana", "aktion", "werbung", "mailing"),
)
OUTCOME = (
    *("spend", "revenue", "sales", "turnover", "amount", "profit", "value", "outcome", "target"),
    *("umsatz", "nettoumsatz", "ausgaben", "ausgabe", "erlos", "erloes", "ertrag", "bestellwert", "gewinn"),
    *("chiffre_d_affaires", "chiffre", "depense", "depenses", "montant", "ventes", "revenu"),
    *("ventas", "gasto", "gastos", "ingresos", "importe", "facturacion"),
    *("omzet", "besteding", "uitgaven", "bedrag", "opbrengst"),
    *("conversion", "converted", "purchase", "purchased", "bought", "response"),
    *("kauf", "kaeufe", "kaufe", "gekauft", "bestellung", "bestellt", "konversion", "achat", "achete"),
    *("compra", "compras", "comprado", "conversie", "aankoop", "gekocht"),
    *("visit", "visited", "click", "besuch", "besuche", "klick", "visite", "visita", "clic", "bezoek"),
    "y",
)
BEFORE = (
    "vorjahr",
    "vorher",
    "bisher",
    "letztes",
    "previous",
    "prior",
    "last",
    "past",
    "before",
    "history",
    "precedent",
    "precedente",
    "anterior",
    "vorig",
    "vorige",
)
"""Words of a column that tells of the time before the campaign: no outcome, whatever else its name says."""

CONTROL = re.compile(
    r"control.*|(no|without)[ _-]?(e-?mails?|mails?|mailing|contact|treatment|ads?|offer|message|campaign)"
    r"|none|no|holdout|hold[ _-]out|placebo|untreated|not (contacted|treated|mailed)|baseline"
    r"|kontroll.*|vergleichsgruppe|unbehandelt|nicht[ _-](kontaktiert|angeschrieben|behandelt)"
    r"|(groupe[ _-])?(de[ _-])?(controle|temoin)s?|non[ _-](contacte|traite)s?"
    r"|grupo[ _-](de[ _-])?control|no[ _-](contactado|tratado)s?|niet[ _-](benaderd|behandeld)"
    r"|(keine?|ohne|aucune?|sans|sin|geen|zonder)[ _-]?(e-?mails?|mailing|werbung|kontakt|kampagne|aktion"
    r"|brief|angebot|contact|contacto|campagne|campana|correo|offre|oferta|aanbieding)",
    re.IGNORECASE,
)
"""A value that says that these customers were left alone."""
NOTHING = re.compile(
    r"0|false|nein|non|nee|keine?|keiner|ohne|aucune?|sans|ninguno|ninguna|sin|geen|zonder", re.IGNORECASE
)
"""A value that says so only in a column that is called like a treatment."""

YES_NO = (
    *(("yes", "no"), ("y", "n"), ("ja", "nein"), ("j", "n"), ("oui", "non"), ("o", "n")),
    *(("sí", "no"), ("si", "no"), ("s", "n"), ("ja", "nee")),
)
"""What a column of answers holds, in small letters."""


def plain(text: str) -> str:
    """Text without accents: contrôle is controle."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
