"""What callers say to the telephone itself, matched whole and without accents."""

import re

BYE = re.compile(
    r"(?:(?:non|merci|ok|d'accord|bon|alors|voila|oui|beaucoup|c'est tout|ce sera tout|je vous "
    r"remercie|et|a vous)\s+)*(?:au revoir|bonne (?:journee|soiree|fin de journee)|a bientot|"
    r"c'est tout|ce sera tout|je (?:vais )?raccrocher?)(?:\s+(?:merci|au revoir|a vous|madame|"
    r"monsieur|beaucoup))*"
)
# After « attendez ».
READY = re.compile(
    r"(?:(?:c'est bon|voila|oui|ok|alors|me revoila|merci)\s*)*(?:je suis (?:pret|prete|la|de "
    r"retour|revenue?)|me revoila|c'est bon|on (?:peut )?continue[rz]?|allez y|j'ai trouve)"
)
# Instead of three at a time.
WHOLE = re.compile(
    r"(?:(?:dites?|donnez|lisez)(?: moi)? |je veux |je voudrais )?(?:toute )?la (?:liste|suite) "
    r"(?:complete|entiere)|toute la liste|tout d'un coup|dites tout"
)
