"""Countries by their French names: what ends an address abroad."""

from french.plain import fold

_NAMES = """
Afghanistan, Afrique du Sud, Albanie, Algérie, Allemagne, Andorre, Angleterre, Angola, Argentine,
Arménie, Australie, Autriche, Azerbaïdjan, Bangladesh, Belgique, Bénin, Biélorussie, Bolivie,
Bosnie-Herzégovine, Brésil, Bulgarie, Burkina Faso, Burundi, Cambodge, Cameroun, Canada, Cap-Vert,
Centrafrique, Chili, Chine, Chypre, Colombie, Comores, Congo, Corée du Sud, Costa Rica,
Côte d'Ivoire, Croatie, Cuba, Danemark, Djibouti, Écosse, Égypte, Émirats arabes unis, Équateur,
Espagne, Estonie, États-Unis, Éthiopie, Finlande, Gabon, Géorgie, Ghana, Grande-Bretagne, Grèce,
Guatemala, Guinée, Haïti, Honduras, Hongrie, Inde, Indonésie, Irak, Iran, Irlande, Islande, Israël,
Italie, Japon, Jordanie, Kazakhstan, Kenya, Kosovo, Koweït, Laos, Lettonie, Liban, Libye,
Liechtenstein, Lituanie, Luxembourg, Macédoine du Nord, Madagascar, Malaisie, Mali, Malte, Maroc,
Maurice, Mauritanie, Mexique, Moldavie, Monaco, Monténégro, Mozambique, Népal, Nicaragua, Niger,
Nigéria, Norvège, Nouvelle-Zélande, Ouganda, Pakistan, Panama, Paraguay, Pays de Galles, Pays-Bas,
Pérou, Philippines, Pologne, Portugal, Qatar, République dominicaine, République tchèque, Roumanie,
Royaume-Uni, Russie, Rwanda, Saint-Marin, Sénégal, Serbie, Singapour, Slovaquie, Slovénie, Sri
Lanka, Suède, Suisse, Syrie, Taïwan, Tanzanie, Tchad, Tchéquie, Thaïlande, Togo, Tunisie, Turquie,
Ukraine, Uruguay, Vatican, Venezuela, Viêt Nam, Vietnam
"""
_KNOWN = {fold(" ".join(name.split())) for name in _NAMES.split(",")}


def is_country(name: str) -> bool:
    """Whether a name is that of a country, France aside."""
    return fold(" ".join(name.replace("’", "'").split())) in _KNOWN
