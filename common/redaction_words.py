"""Words in front of an @ that name a mailbox and nobody: they stay in a text that is redacted."""

from __future__ import annotations

# Folded as `common.redaction` folds; shorter ones (it, hr) are too short for a name anyway.
_MAILBOXES = """
    abuse account accounting accounts address admin administration administrator admins alert
    alerts alias all and anyone api archive backup billing booking bookings bot box business
    calendar calendars career careers client clients com community company contact contacts
    customer customers daemon data delivery demo desk dev devops direct distribution domain dpo
    email emails engineering error errors event events everybody everyone everything example fax
    feedback finance first firstname for forum from front gdpr general group groups guest hello
    help helpdesk here home host hosting hostmaster inbox info information internal invoice
    invoices job jobs last lastname legal list lists local localhost login mail mailbox mailer
    mailing mails main management manager marketing media meeting meetings member members message
    messages mobile monitor monitoring name net network new news newsletter noreply not
    notification notifications notify office old online operations ops order orders org our owner
    page partner partners password payment payments people phone postfix postmaster press printer
    privacy private product products project projects public purchasing reception recipient
    recruitment register registration reply report reports request requests resource return room
    rooms root sales scan scanner secretary security sender server service services shared shop
    site smtp imap social somebody someone spam staff status store student subject support system
    team teams tech technical test testing tests the this ticket tickets training user username
    users web webmaster welcome work www you your

    biuro faktura faktury firma iod kadry kariera klient klienci kontakt ksiegowosc księgowość
    oferty poczta pomoc praca reklamacje rodo rekrutacja sekretariat serwis sklep szkolenia
    uzytkownik użytkownik wsparcie zamowienia zamówienia zespol zespół zgloszenia zgłoszenia

    anfrage auskunft bestellung bewerbung buchhaltung buero büro datenschutz empfang hilfe
    kunden kundenservice nutzer personal poststelle rechnung rechnungen technik verkauf vertrieb
    verwaltung zentrale

    aide assistance atendimento ayuda boutique comptabilite commandes consultas contacto contato
    facturacion factures information informazioni recrutement service soporte suporte ventas
    vendas vendite
"""
NO_NAMES = frozenset(_MAILBOXES.split())
