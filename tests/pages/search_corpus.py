"""Pages, and questions in other forms of their words: question -> the page that should come first."""

# ruff: noqa: E501 — a page, and a group of questions, stand on one line
from __future__ import annotations

PAGES = {
    "fi": {
        "vartti": ("Viikkopalaveri lyheni varttiin", "Työpaikalla puhuttiin kuormituksesta joka viikko.", "Esihenkilö kysyi jaksamisesta, ja työntekijät vastasivat."),
        "ikä": ("Ikäjohtaminen pienissä yrityksissä", "Kokeneet tekijät jäivät töihin.", "Yritys sopi osaamisen siirtämisestä nuoremmille."),
        "digi": ("Uusi työvuorosuunnittelu sairaalassa", "Hoitajat suunnittelevat vuoronsa itse.", "Digitaalinen väline vähensi ylitöitä."),
        "oppi": ("Oppimismyönteinen ilmapiiri konepajalla", "Virheistä saa puhua.", "Harjoittelijat oppivat hitsaamaan kokeneiden rinnalla."),
        "mittari": ("Tuottavuus ja hyvinvointi kasvoivat yhdessä", "Kysely tehtiin kahdesti.", "Tulos perustuu 42 organisaation mittauksiin."),
        "kunta": ("Kunnan varhaiskasvatus sai lisää aikaa", "Päiväkodit kokeilivat uutta tapaa jakaa vastuut.", "Lapset ja vanhemmat huomasivat muutoksen."),
        "muutos": ("Muutosturvaa tehtaan sulkeutuessa", "Neuvonta auttoi löytämään uuden työn.", "Verkosto kokosi kauppakamarin ja oppilaitokset."),
        "kieli": ("Kansainväliset osaajat mukaan työyhteisöön", "Selkeä kieli auttoi perehdytyksessä.", "Jokaisella tulokkaalla on oma kummi."),
    },
    "sv": {
        "kvart": ("Veckomötet blev en kvart", "På arbetsplatsen talade man om belastningen.", "Chefen frågade hur medarbetarna orkar."),
        "ålder": ("Åldersledarskap i små företag", "Erfarna arbetare stannade kvar.", "Företaget kom överens om hur kunskapen förs vidare."),
        "skift": ("Ny skiftplanering på sjukhuset", "Sjukskötarna planerar sina skift själva.", "Ett digitalt verktyg minskade övertiden."),
        "mått": ("Produktivitet och arbetshälsa växte tillsammans", "Enkäten gjordes två gånger.", "Resultatet bygger på mätningar i 42 organisationer."),
        "dagis": ("Kommunens småbarnspedagogik fick mera tid", "Daghemmen prövade ett nytt sätt att dela ansvar.", "Barnen och föräldrarna märkte förändringen."),
    },
    "en": {
        "quarter": ("The weekly meeting became a quarter of an hour", "The workplace talked about its workload.", "A supervisor asked how employees coped."),
        "age": ("Age management in small companies", "Experienced people stayed at work.", "The company agreed on passing skills to younger colleagues."),
        "shift": ("New shift planning in the hospital", "Nurses plan their own shifts.", "A digital tool reduced overtime."),
        "measure": ("Productivity and well-being grew together", "The survey was made twice.", "The finding rests on measurements in 42 organisations."),
        "child": ("More time for the town's early education", "The child cared for noticed the change.", "Families were asked for their views."),
    },
}  # fmt: skip
QUESTIONS = {
    "fi": {
        "työpaikat": "vartti", "työpaikkojen": "vartti", "viikkopalaverit": "vartti", "esihenkilöiden": "vartti", "kuormitus": "vartti", "jaksaminen": "vartti",
        "ikäjohtamista": "ikä", "pienyritys yritykset": "ikä", "yrityksen": "ikä", "osaaminen": "ikä", "nuorille": "ikä",
        "työvuorosuunnittelun": "digi", "sairaaloissa": "digi", "hoitajien": "digi", "ylityöt": "digi", "digitaalisia välineitä": "digi",
        "ilmapiirin": "oppi", "konepajat": "oppi", "virheet": "oppi", "harjoittelija": "oppi",
        "tuottavuuden": "mittari", "hyvinvointia": "mittari", "tulokset": "mittari", "kyselyt": "mittari", "mittaus": "mittari", "organisaatioissa": "mittari",
        "päiväkodeissa": "kunta", "kunnat": "kunta", "varhaiskasvatuksen": "kunta", "vanhempien": "kunta", "lapsi": "kunta",
        "muutosturva": "muutos", "tehtaat": "muutos", "neuvonnan": "muutos", "verkostot": "muutos", "oppilaitos": "muutos",
        "kansainvälinen osaaja": "kieli", "työyhteisöjen": "kieli", "perehdytys": "kieli", "tulokkaat": "kieli",
    },
    "sv": {
        "arbetsplatser": "kvart", "veckomöten": "kvart", "belastning": "kvart", "chefer": "kvart", "medarbetare": "kvart",
        "företagen": "ålder", "åldersledarskapet": "ålder", "erfaren": "ålder", "kunskap": "ålder",
        "skiftplaneringen": "skift", "sjukhusen": "skift", "sjukskötare": "skift", "verktygen": "skift", "övertid": "skift",
        "produktiviteten": "mått", "arbetshälsan": "mått", "enkäter": "mått", "resultat": "mått", "mätning": "mått",
        "kommuner": "dagis", "daghem": "dagis", "barn": "dagis", "föräldrar": "dagis", "förändringar": "dagis",
    },
    "en": {
        "workplaces": "quarter", "meetings": "quarter", "supervisors": "quarter", "employee": "quarter", "workloads": "quarter",
        "company": "age", "skill": "age", "managing": "age", "colleague": "age",
        "hospitals": "shift", "nurse": "shift", "shifts planned": "shift", "tools": "shift",
        "surveys": "measure", "organisation": "measure", "findings": "measure", "measurement": "measure", "growing": "measure",
        "children": "child", "family": "child", "towns": "child", "changes": "child",
    },
}  # fmt: skip

# Part of a compound -> the page that has the compound; and words that stand by chance at the end of another, which find nothing.
PARTS = {
    "fi": {
        "palaveri": "vartti", "suunnittelu": "digi", "vuorosuunnittelu": "digi", "johtaminen": "ikä", "kasvatus": "kunta", "paja": "oppi",
        "turva": "muutos", "kamari": "muutos", "laitos": "muutos", "henkilö": "vartti", "yhteisö": "kieli", "vuoro": "digi",
    },
    "sv": {"möte": "kvart", "plats": "kvart", "ledarskap": "ålder", "planering": "skift", "hälsa": "mått", "pedagogik": "dagis", "skötare": "skift"},
    "en": {"place": "quarter", "load": "quarter", "time": "child"},
}  # fmt: skip
CHANCE = {"fi": ["osto", "kasto", "mari", "toive", "akka", "rasti"], "sv": ["lats", "ring", "tag"], "en": ["ion", "lace", "ours"]}
# As one mistypes it -> as it was meant: one letter too many, too few, another, or two the wrong way round.
TYPOS = {
    "fi": {
        "perehdyts": "perehdytys", "tuotavuus": "tuottavuus", "hyvinvionti": "hyvinvointi", "esihenklö": "esihenkilö", "sairaalla": "sairaala",
        "osaamnen": "osaaminen", "verkkosto": "verkosto", "kuormituss": "kuormitus", "varhaiskasvtus": "varhaiskasvatus", "ilmapirri": "ilmapiiri",
    },
    "sv": {"arbetsplast": "arbetsplats", "företagg": "företag", "kunskp": "kunskap", "produktivtet": "produktivitet", "sjukhsu": "sjukhus"},
    "en": {"supervsor": "supervisor", "hosptial": "hospital", "organistaion": "organisation", "measurment": "measurement", "familly": "family"},
}  # fmt: skip
