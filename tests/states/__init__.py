"""States of cases as releases wrote them: each is loaded by this one and played to its end."""
