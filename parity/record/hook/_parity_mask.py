"""Puts keyed tokens in the place of secrets and personal data, before anything is written.

Python 3.6 or newer, standard library only; runs inside of the recorded program. A token is made of
an HMAC of what it stands for: the same value has the same token everywhere, under one key. It has
the length and the format of the value, the same letters in upper case, and check digits that hold.
"""

import base64
import fnmatch
import functools
import hashlib
import hmac
import ipaddress
import json
import math
import re
import threading
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional, Pattern, Set, Tuple

MOST_KNOWN = 20_000
MOST_CACHED = 50_000
FINGERPRINT = 12
LONGEST_CLEAN = 200
SHORTEST_WORD = 4
SHORTEST_DIGITS = 5
LONGEST_PHRASE = 5  # words
TAGS_LEFT = frozenset(["$float", "$decimal", "$datetime", "$time", "$timedelta", "$uuid", "$port"])

SECRET_ENDINGS = (
    *("password", "passwd", "passphrase", "passwordhash", "secret", "apikey", "accesskey"),
    *("secretkey", "privatekey", "signingkey", "encryptionkey", "token", "authorization"),
    *("cookie", "sessionid", "credential", "credentials"),
)
SECRET_NAMES = frozenset(["pwd", "bearer"])
CODE_NAMES = frozenset(["pin", "otp", "cvv", "cvc", "cvv2", "csc", "passcode", "securitycode"])
"""Names of secrets that are numbers as often as texts; a token that is a number is none."""
PERSONAL_NAMES = frozenset(
    [
        *("firstname", "lastname", "fullname", "surname", "givenname", "familyname", "maidenname"),
        *("middlename", "email", "emailaddress", "phone", "phonenumber", "mobile", "mobilenumber"),
        *("telephone", "ssn", "socialsecuritynumber", "nationalid", "passport", "passportnumber"),
        *("taxid", "iban", "accountnumber", "creditcard", "creditcardnumber", "cardnumber"),
        *("dateofbirth", "birthdate", "birthday", "dob", "streetaddress", "homeaddress"),
        *("postaladdress", "ipaddress", "clientip", "remoteaddr"),
    ]
)
KEY_PREFIXES = (
    r"(?:AKIA|ASIA|AIDA|AROA)(?=[A-Z0-9]{16}(?![A-Za-z0-9]))",
    r"gh[pousr]_(?=[A-Za-z0-9]{20})|github_pat_(?=\w{20})|glpat-(?=[\w-]{16})",
    r"[srp]k_(?:live|test)_(?=\w{10})|whsec_(?=\w{16})|sk-(?:[a-z]+-)*(?=[\w-]{20})",
    r"xox[abeoprs]-(?=[\w-]{10})|AIza(?=[\w-]{30})|ya29\.(?=[\w-]{16})|SG\.(?=[\w-]{16}\.)",
    r"npm_(?=[A-Za-z0-9]{30})|pypi-(?=[\w-]{16})|hf_(?=[A-Za-z0-9]{20})|dop_v1_(?=[a-f0-9]{40})",
    r"shp(?:at|ca|pa|ss)_(?=[a-fA-F0-9]{20})|key-(?=[0-9a-f]{32}\b)|(?:AC|SK)(?=[0-9a-f]{32}\b)",
)
NAMED_SECRET = (
    r"[\w.-]{0,40}(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|"
    r"private[_-]?key|session[_-]?id|credentials?)"
)
NO_SECRET = re.compile(
    r"(?i)(?:%\(?\w*\)?s|\?|[:$@]\w+|\{[^}]*\}|<[^>]*>|\*+|x+|none|null|nil|true|false)\Z"
)
TEXT = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"')
LONG_NUMBER = re.compile(r"(?<![\w.])\d{13,19}(?![\w.])")
ESCAPED = re.compile(r"\\[nrtbf]")
WORDS = re.compile(r"[^\s\"'`,;:=&?!/()<>\[\]{}\\|@#$%*]+")


class Masker:
    """Masks fixtures; remembers what it has masked by name, so that it is found elsewhere too."""

    def __init__(self, terms: Dict[str, Any], key: bytes) -> None:
        """`terms`: `fields` and `keep` are lists of patterns, `off` is one of kinds."""
        self.key = key
        self.fields = [pattern.lower() for pattern in terms.get("fields", ())]
        self.keep = [pattern.lower() for pattern in terms.get("keep", ())]
        off = set(terms.get("off", ()))
        self.by_name = "fields" not in off
        self.detectors = [one for one in DETECTORS if one.name not in off]
        self.counts = {}  # type: Dict[str, int]
        self.tokens = {}  # type: Dict[Tuple[str, str], str]
        self.known = {}  # type: Dict[str, Dict[str, str]]
        self.port_names = {}  # type: Dict[Tuple[str, str], List[str]]
        self.forced = bool(self.fields)
        self.words = set()  # type: Set[str]
        self.fingerprints = {}  # type: Dict[str, Optional[str]]
        self.here = threading.local()
        self.named = {}  # type: Dict[str, Optional[str]]
        self.clean = set()  # type: Set[str]
        self.clean_in_json = set()  # type: Set[str]

    # ------------------------------------------------------------ what is to be masked

    def may_hold(self, text: str) -> bool:
        """Whether a line may hold something to be masked: most hold nothing."""
        if self.forced or '"$bytes"' in text:
            return True
        texts, between = parts_of(text)
        in_pairs = '"$dict"' in text
        if any(in_pairs or self._holds_named(one, text) for one in texts if self.kind_of_name(one)):
            return True
        if self.words and not self.words.isdisjoint(words_of(text)):
            return True
        return any(map(is_card, LONG_NUMBER.findall(between))) or not self._are_clean(texts)

    def _holds_named(self, name: str, text: str) -> bool:
        """Whether something in a line is masked for its name; a secret that is a number is not."""
        if self.kind_of_name(name) == "secret":
            return any('"%s":%s' % (name, first) in text for first in '"[{')
        return '"%s":' % name in text

    def _are_clean(self, texts: Set[str]) -> bool:
        """Whether nothing is known by its form in texts of JSON; remembers those that are clean."""
        fresh = texts - self.clean_in_json
        plain = {one: json.loads('"%s"' % one) if "\\" in one else one for one in fresh}
        suspected = self._suspected("\n".join(plain.values()))
        for in_json, text in plain.items():
            if any(self._finds(one, text) for one in suspected):
                return False
            if len(in_json) <= LONGEST_CLEAN:
                if len(self.clean) > MOST_CACHED:
                    self.clean.clear()
                    self.clean_in_json.clear()
                self.clean.add(text)
                self.clean_in_json.add(in_json)
        return True

    def _finds(self, detector: "Detector", text: str) -> bool:
        """Whether a detector would put a token for something in a text."""
        return any(
            not self._is_spared(detector.name, found)
            and detector.token_of(self, found) != found.group()
            for found in detector.pattern.finditer(text)
        )

    def _is_spared(self, name: str, found: Any) -> bool:
        """Whether what a detector has found is to stay, by `keep`."""
        lowered = found.group().lower()
        return self._is_kept(lowered) or (name == "email" and self._is_kept(domain_of(lowered)))

    def _suspected_here(self, text: str) -> "List[Detector]":
        """The detectors that may find something in a text of the fixture that is being masked."""
        of_fixture = getattr(self.here, "suspected", None)  # type: Optional[List[Detector]]
        return self._suspected(text) if of_fixture is None else of_fixture

    def _suspected(self, text: str) -> "List[Detector]":
        """The detectors that may find something in a text, or in what is a part of it."""
        lowered = text.lower()
        hints = {one.hint for one in self.detectors}
        found = {one for one in hints if one(lowered if one in ANY_CASE else text)}
        return [one for one in self.detectors if one.hint in found]

    def names_port(self, port: str, call: str, names: List[str]) -> None:
        """Says what the arguments of a port's call are named."""
        self.port_names[port, call] = names
        self.forced = self.forced or any(map(self.kind_of_name, names))

    def kind_of_name(self, name: str) -> Optional[str]:
        """`secret` (texts), `code` or `personal`, where whatever has that name is masked."""
        if name not in self.named:
            if len(self.named) > MOST_CACHED:
                self.named.clear()
            self.named[name] = self._kind_of_name(name)
        return self.named[name]

    def _kind_of_name(self, name: str) -> Optional[str]:
        if any(fnmatch.fnmatchcase(name.lower(), pattern) for pattern in self.fields):
            return "personal"
        if not self.by_name:
            return None
        plain = re.sub(r"[^a-z0-9]", "", name.lower())
        if plain in CODE_NAMES:
            return "code"
        if plain in SECRET_NAMES or plain.endswith(SECRET_ENDINGS):
            return "secret"
        return "personal" if plain in PERSONAL_NAMES else None

    def fixture(
        self,
        fixture: Dict[str, Any],
        names: List[str],
        steps: "Optional[Dict[str, List[str]]]" = None,
    ) -> Dict[str, Any]:
        """The fixture with tokens; itself where there was nothing to be masked.

        `names` are those of the positional arguments, `steps` the same for each method of a class.
        """
        self.here.hidden = set()
        self.here.steps = steps or {}
        self._roots(fixture, names, self._learned)
        line = canonical(fixture)
        self.here.suspected = self.detectors if '"$bytes"' in line else self._suspected(line)
        try:
            return dict(self._roots(fixture, names, self._masked))
        finally:
            self.here.suspected = None

    def hidden(self) -> List[str]:
        """Fingerprints of what was masked in the fixture that this thread has masked last."""
        return sorted(self.here.hidden)

    def _roots(self, fixture: Dict[str, Any], names: List[str], do: Callable[..., Any]) -> Any:
        made = dict(fixture)
        for key in ("args", "kwargs", "self"):
            if key in made:
                made[key] = (
                    self._arguments(made[key], names, do) if key == "args" else do(made[key], None)
                )
        if "steps" in made:
            of_steps = self.here.steps
            made["steps"] = [
                self._outcome(step, of_steps.get(step["call"], []), do) for step in made["steps"]
            ]
        if "ports" in made.get("world", ()):
            ports = [self._port(call, do) for call in made["world"]["ports"]]
            made["world"] = dict(made["world"], ports=ports)
        if "observed" in made:
            made["observed"] = self._outcome(made["observed"], names, do)
        return made

    def _arguments(self, args: List[Any], names: List[str], do: Callable[..., Any]) -> List[Any]:
        kinds = [self.kind_of_name(name) for name in names]
        kinds += [None] * (len(args) - len(kinds))
        return [do(one, kind) for one, kind in zip(args, kinds)]

    def _port(self, call: Dict[str, Any], do: Callable[..., Any]) -> Dict[str, Any]:
        names = self.port_names.get((call["port"].partition("#")[0], call["call"]), [])
        return self._outcome(call, names, do)

    def _outcome(
        self, told: Dict[str, Any], names: List[str], do: Callable[..., Any]
    ) -> Dict[str, Any]:
        made = dict(told)
        for key in ("returned", "self", "kwargs"):
            if key in made:
                made[key] = do(made[key], None)
        if "args" in made:
            made["args"] = self._arguments(made["args"], names, do)
        if "raised" in made:
            raised = dict(made["raised"])
            for key in ("message", "args", "fields"):
                if key in raised:
                    raised[key] = do(raised[key], None)
            made["raised"] = raised
        return made

    def _learned(self, form: Any, kind: Optional[str]) -> Any:
        for value, named in leaves(form, kind, self.kind_of_name):
            if named is not None:
                self._remember(value, named)
        return form

    def _remember(self, value: str, kind: str) -> None:
        """What was named once is masked wherever it is a word of its own."""
        plain = value.strip().lower()
        shortest = SHORTEST_DIGITS if plain.isdigit() else SHORTEST_WORD
        if len(plain) < shortest or NO_SECRET.match(plain) or self._is_kept(plain):
            return
        word = max(words_of(escaped(plain)), key=len, default="")
        if len(word) > 1 and len(self.known) < MOST_KNOWN:
            self.known.setdefault(word, {})[plain] = kind
            self.words.add(word)

    def _is_kept(self, value: str) -> bool:
        return any(fnmatch.fnmatchcase(value, pattern) for pattern in self.keep)

    # ------------------------------------------------------------ masking

    def _masked(self, form: Any, kind: Optional[str]) -> Any:
        if type(form) is str:
            return self.text(form, kind)
        if type(form) is int:
            return self._number(form, kind)
        if type(form) is list:
            return [self._masked(one, kind) for one in form]
        if type(form) is not dict:
            return form
        tag = next(iter(form)) if len(form) == 1 else ""
        if tag.startswith("$"):
            return {tag: self._tagged(tag, form[tag], kind)}
        return {
            self.text(name, key=True): self._masked(one, kind or self.kind_of_name(name))
            for name, one in form.items()
        }

    def _tagged(self, tag: str, payload: Any, kind: Optional[str]) -> Any:
        if tag in TAGS_LEFT or tag == "$enum":
            return payload
        if tag == "$ref":
            return self.text(payload, key=True)
        if tag == "$object":
            fields = {
                name: self._masked(one, kind or self.kind_of_name(name))
                for name, one in payload[1].items()
            }
            return [payload[0], fields]
        if tag == "$dict":
            return [
                [self._key(key), self._masked(one, kind or self._named_by(key))]
                for key, one in payload
            ]
        if tag == "$bytes":
            raw = base64.b64decode(payload).decode("latin-1")
            return base64.b64encode(self.text(raw, kind).encode("latin-1", "replace")).decode()
        if tag == "$int":
            return str(self._number(int(payload), kind))
        if tag == "$date":
            return self._day(payload) if kind else payload
        made = self._masked(payload, kind)
        return sorted(made, key=canonical) if tag in ("$set", "$frozenset") else made

    def _key(self, key: Any) -> Any:
        return self.text(key, key=True) if type(key) is str else self._masked(key, None)

    def _named_by(self, key: Any) -> Optional[str]:
        return self.kind_of_name(key) if type(key) is str else None

    def _number(self, value: int, kind: Optional[str]) -> int:
        """A number that is a card's, or has a name of what is masked."""
        digits = str(abs(value))
        if kind == "secret":
            return value
        if kind is None and not (12 < len(digits) < 20 and is_card(digits)):
            return value
        if type(value) is bool or (kind is not None and len(digits) < 3):
            return value
        token = self.text(digits, kind)
        if token[0] == "0":
            token = "1" + token[1:]
        return int(token) if value >= 0 else -int(token)

    def text(self, text: str, kind: Optional[str] = None, key: bool = False) -> str:
        """A text with tokens for what is found in it; all of it, where its name says so.

        Of a `key`, a word that is some person's name elsewhere is left: it names something else.
        """
        if not text:
            return text
        if kind is not None:
            return self._whole(text, kind)
        pieces = [(text, False)]
        for name, pattern, token_of, _ in () if text in self.clean else self._suspected_here(text):
            if len(pieces) > 1 or pattern.search(text) is not None:
                token = functools.partial(self._found, name, token_of)
                pieces = with_tokens(pieces, pattern, token)
        if self.known:
            pieces = self._known_words(text, pieces, key)
        return "".join(piece for piece, _ in pieces)

    def _whole(self, text: str, kind: str) -> str:
        if self._is_kept(text.lower()) or NO_SECRET.match(text):
            return text
        if re.match(r"\d{4}-\d\d-\d\d", text) and kind == "personal":
            return self._day(text[:10]) + text[10:]
        for name, pattern, token_of, _ in self.detectors:
            found = pattern.match(text)
            if found is not None and found.group() == text and name in WHOLE:
                return self._found(name, token_of, found)
        self._hide("field", text)
        if kind != "personal":
            return self.token("secret", text)
        return WORDS.sub(lambda word: self.token("word", word.group()), text)

    def _known_words(self, text: str, pieces: "List[Piece]", key: bool) -> "List[Piece]":
        """The pieces with tokens for what was masked by its name elsewhere."""
        hits = [one for one in set(words_of(escaped(text))) if one in self.known]
        values = {value: kind for hit in hits for value, kind in list(self.known[hit].items())}
        for value in sorted(values, key=len, reverse=True):
            kind = values[value]
            if not key or kind != "personal" or not value.isalpha():
                shape = re.compile(r"(?<!\w)%s(?!\w)" % re.escape(value), re.I)
                token = functools.partial(self._known_found, kind)
                pieces = with_tokens(pieces, shape, token)
        return pieces

    def _known_found(self, kind: str, found: Any) -> str:
        return self._whole(found.group(), kind)

    def _found(self, name: str, token_of: Callable[..., str], found: Any) -> str:
        text = str(found.group())
        if self._is_spared(name, found):
            return text
        token = token_of(self, found)
        if token != text:
            secret = found.group(2) if token_of in (value_token, pem_token) else text
            self._hide(name, secret)
            if token_of is value_token:
                self._remember(secret, "secret")
        return token

    def _hide(self, name: str, text: str) -> None:
        self.counts[name] = self.counts.get(name, 0) + 1
        fingerprint = self.fingerprint(text)
        if fingerprint is not None:
            self.here.hidden.add(fingerprint)

    # ------------------------------------------------------------ tokens

    def token(self, kind: str, text: str) -> str:
        """Letters for letters, digits for digits; the rest, and the case, stay."""
        plain = text.lower()
        token = self.tokens.get((kind, plain))
        if token is None:
            if len(self.tokens) > MOST_CACHED:
                self.tokens.clear()
            token = self.tokens[kind, plain] = self._token(kind, plain)
        if len(token) != len(text):
            return token
        return "".join(t.upper() if c.isupper() else t for c, t in zip(text, token))

    def _token(self, kind: str, plain: str) -> str:
        hexadecimal = len(plain) >= 16 and re.match(r"(?=\d*[a-f])[0-9a-f]+\Z", plain) is not None
        token = plain
        for attempt in range(8):
            numbers = self.numbers("%s:%d" % (kind, attempt), plain)
            if hexadecimal:
                token = "".join("0123456789abcdef"[next(numbers) % 16] for _ in plain)
            else:
                token = "".join(like(character, next(numbers)) for character in plain)
            if token != plain or not any(map(str.isalnum, plain)):
                break
        return token

    def numbers(self, kind: str, plain: str) -> Iterator[int]:
        """Numbers that only who has the key can make of a text, without end."""
        block = 0
        while True:
            message = "%s\0%s\0%d" % (kind, plain, block)
            digest = hmac.new(self.key, message.encode("utf-8", "surrogatepass"), hashlib.sha256)
            made = digest.digest()
            for index in range(0, 32, 2):
                yield made[index] << 8 | made[index + 1]
            block += 1

    def _day(self, text: str) -> str:
        """Another day of the same year."""
        self._hide("field", text)
        for attempt in range(8):
            numbers = self.numbers("day:%d" % attempt, text)
            made = "%s-%02d-%02d" % (text[:4], next(numbers) % 12 + 1, next(numbers) % 28 + 1)
            if made != text:
                break
        return made

    def fingerprint(self, text: str) -> Optional[str]:
        """What a masked value is known by in a leak check; None for one that is too short."""
        plain = " ".join(bare_words(text)[:LONGEST_PHRASE])
        if plain not in self.fingerprints:
            if len(self.fingerprints) > MOST_CACHED:
                self.fingerprints.clear()
            self.fingerprints[plain] = self._fingerprint(plain)
        return self.fingerprints.get(plain)

    def _fingerprint(self, plain: str) -> Optional[str]:
        if len(plain) < (SHORTEST_DIGITS if plain.isdigit() else SHORTEST_WORD):
            return None
        message = b"fingerprint\0" + plain.encode("utf-8", "surrogatepass")
        return hmac.new(self.key, message, hashlib.sha256).hexdigest()[:FINGERPRINT]

    def leaks(self, form: Any, hidden: Set[str]) -> bool:
        """Whether a form holds what has one of these fingerprints."""
        return any(
            self.fingerprint(phrase) in hidden
            for text, _ in leaves(form, None, lambda name: None)
            for phrase in phrases(text)
        )


def bare_words(text: str) -> List[str]:
    """The words of a text in small letters, without what sentences put around them."""
    words = [word.strip("._+~^-") for word in WORDS.findall(text.lower())]
    return [word for word in words if word]


def phrases(text: str) -> Iterator[str]:
    """All words of a text, and all that stand behind one another."""
    words = bare_words(text)
    for start in range(len(words)):
        for end in range(start + 1, min(start + LONGEST_PHRASE, len(words)) + 1):
            yield " ".join(words[start:end])


Piece = Tuple[str, bool]
"""A part of a text, and whether it is a token: those are not looked at again."""


def with_tokens(
    pieces: List[Piece], pattern: Pattern[str], token_of: Callable[[Any], str]
) -> List[Piece]:
    """The pieces with tokens in the place of what the pattern finds in those that are none."""
    made = []  # type: List[Piece]
    for text, is_token in pieces:
        end = 0
        for found in () if is_token else pattern.finditer(text):
            token = token_of(found)
            if token != found.group():
                made += [(text[end : found.start()], False), (token, True)]
                end = found.end()
        made.append((text[end:], is_token))
    return made


def leaves(
    form: Any, kind: Optional[str], kind_of_name: Callable[[str], Optional[str]]
) -> Iterator[Tuple[str, Optional[str]]]:
    """All texts and whole numbers of a form, each with what the names above it say."""
    below = [(form, kind)]
    while below:
        one, named = below.pop()
        if type(one) is str:
            yield one, named
        elif type(one) is int and named != "secret":
            yield str(one), named
        elif type(one) is list:
            below += [(item, named) for item in one]
        elif type(one) is dict:
            tag = next(iter(one)) if len(one) == 1 else ""
            if tag in TAGS_LEFT or tag == "$enum":
                continue
            if tag == "$bytes":
                yield base64.b64decode(one[tag]).decode("latin-1"), named
            elif tag == "$object":
                below.append((one[tag][1], named))
            elif tag == "$dict":
                for key, item in one[tag]:
                    below.append((key, None))
                    named_by = kind_of_name(key) if type(key) is str else None
                    below.append((item, named or named_by))
            elif tag.startswith("$"):
                below.append((one[tag], named))
            else:
                for name, item in one.items():
                    yield name, None
                    below.append((item, named or kind_of_name(name)))


def parts_of(line: str) -> Tuple[Set[str], str]:
    """The texts of a line of JSON as they stand there, and what stands between them; each once."""
    if '\\"' in line:
        return set(TEXT.findall(line)), TEXT.sub(" ", line)
    parts = line.split('"')
    return set(parts[1::2]), " ".join(set(parts[::2]))


def escaped(text: str) -> str:
    """A text as it stands in JSON."""
    return json.dumps(text)[1:-1]


def words_of(text: str) -> List[str]:
    """The words of a text that stands in JSON, in small letters."""
    if "\\" in text:
        text = ESCAPED.sub(" ", text)
    return WORDS.findall(text.lower())


def domain_of(address: str) -> str:
    """What stands behind the sign of an e-mail address."""
    return re.split("@|%40", address)[-1]


def canonical(form: Any) -> str:
    """The text by which the elements of a set are in order."""
    return json.dumps(form, ensure_ascii=True, separators=(",", ":"))


def like(character: str, number: int) -> str:
    """A character of the same sort."""
    if "a" <= character <= "z":
        return chr(97 + number % 26)
    if "0" <= character <= "9":
        return chr(48 + number % 10)
    if not character.isalpha():
        return character
    block = ord(character) & ~0x1F
    others = [chr(block + index) for index in range(32)]
    others = [
        one for one in others if one.isalpha() and one.lower() == one and len(one.upper()) == 1
    ]
    return others[number % len(others)] if others else character


# ---------------------------------------------------------------- what is known by its form


def luhn(digits: str) -> int:
    """The check digit that belongs behind these digits."""
    total = 0
    for index, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if index % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return -total % 10


ISSUERS = re.compile(
    r"(?:4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|"
    r"3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11,16}|35\d{14}|6(?:011|5\d\d|4[4-9]\d)\d{12,15}|"
    r"62\d{14,17}|(?:5018|5020|5038|5893|6304|6759|676[1-3])\d{8,15})\Z"
)


def is_card(digits: str) -> bool:
    """Whether digits are the number of a payment card."""
    return ISSUERS.match(digits) is not None and luhn(digits[:-1]) == int(digits[-1])


def rewritten(text: str, characters: str) -> str:
    """The text with its letters and digits replaced, one after the other."""
    made = iter(characters)
    return "".join(next(made) if one.isalnum() else one for one in text)


def card_token(masker: Masker, found: Any) -> str:
    """Another card of the same issuer, its check digit right."""
    text = str(found.group())
    digits = re.sub(r"\D", "", text)
    if not is_card(digits):
        return text
    for attempt in range(50):
        numbers = masker.numbers("card:%d" % attempt, digits)
        body = digits[:4] + "".join(str(next(numbers) % 10) for _ in digits[4:-1])
        made = body + str(luhn(body))
        if made != digits and is_card(made):
            return rewritten(text, made)
    return rewritten(text, made)


def iban_check(country: str, account: str) -> str:
    """The check digits of an IBAN."""
    numbers = "".join(str(int(one, 36)) for one in account + country + "00")
    return "%02d" % (98 - int(numbers) % 97)


def iban_token(masker: Masker, found: Any) -> str:
    """Another account of the same country, its check digits right."""
    text = str(found.group())
    plain = re.sub(r"[^A-Z0-9]", "", text.upper())
    country, check, account = plain[:2], plain[2:4], plain[4:]
    if not 11 <= len(account) <= 30 or iban_check(country, account) != check:
        return text
    made = masker.token("iban", account).upper()
    token = rewritten(text, country + iban_check(country, made) + made)
    return token.lower() if text.islower() else token


def ssn_token(masker: Masker, found: Any) -> str:
    """Another social security number that could be one."""
    text = str(found.group())
    numbers = masker.numbers("ssn", re.sub(r"\D", "", text))
    area, group, serial = next(numbers) % 665 + 1, next(numbers) % 99 + 1, next(numbers) % 9999 + 1
    return "%03d%s%02d%s%04d" % (area, text[3], group, text[6], serial)


def phone_token(masker: Masker, found: Any) -> str:
    """Another number of the same country, grouped alike."""
    text = str(found.group())
    digits = re.sub(r"\D", "", text)
    if not 7 <= len(digits) <= 15:
        return text
    head = (1 if digits[0] in "17" else 2) if text.lstrip().startswith("+") else 0
    national = digits[head:] if head else digits[-10:]
    head = len(digits) - len(national)
    numbers = masker.numbers("phone", national)
    made, first = "", True
    for one in text[_after(text, head) :]:
        if not one.isdigit():
            made, first = made + one, True
            continue
        number = next(numbers)
        made += one if first and one in "01" else str(2 + number % 8 if first else number % 10)
        first = False
    return text[: _after(text, head)] + made


def _after(text: str, digits: int) -> int:
    """Where the first so many digits of a text end."""
    if not digits:
        return 0
    for index, one in enumerate(text):
        digits -= one.isdigit()
        if not digits:
            return index + 1
    return len(text)


PUBLIC = frozenset(["co", "com", "org", "net", "ac", "gov", "edu"])
"""Labels of a domain that belong to nobody, before that of the country."""


def email_token(masker: Masker, found: Any) -> str:
    """Another address; those of one domain are of one domain again."""
    local, sign, domain = re.split("(@|%40)", str(found.group()))
    labels = domain.split(".")
    kept = 2 if len(labels) > 2 and labels[-2].lower() in PUBLIC else 1
    made = [masker.token("word", one) for one in labels[:-kept]] + labels[-kept:]
    return _local(masker, local) + sign + ".".join(made)


def _local(masker: Masker, text: str) -> str:
    return re.sub(r"[^\W_]+", lambda word: masker.token("word", word.group()), text)


def tail_token(masker: Masker, found: Any) -> str:
    """What identifies the kind of a key stays, the rest is a token."""
    return str(found.group(1)) + masker.token("key", found.group(2))


def value_token(masker: Masker, found: Any) -> str:
    """A secret that stands behind its name in a text."""
    value = str(found.group(2))
    if NO_SECRET.match(value) or (value.isdigit() and len(value) < 4):
        return str(found.group())
    whole = str(found.group())
    head = str(found.group(1))
    return head + masker.token("secret", value) + whole[len(head + value) :]


def pem_token(masker: Masker, found: Any) -> str:
    """The lines of a private key; those around them stay."""
    return str(found.group(1)) + masker.token("pem", found.group(2)) + str(found.group(3))


def aws_token(masker: Masker, found: Any) -> str:
    """Forty characters that look like a secret access key: too mixed for anything else."""
    text = str(found.group())
    counts = [text.count(one) for one in set(text)]
    entropy = -sum(one / 40 * math.log(one / 40, 2) for one in counts)
    mixed = re.search("[a-z]", text) and re.search("[A-Z]", text) and re.search("[0-9]", text)
    return masker.token("key", text) if mixed and entropy > 4.0 else text


def address_token(masker: Masker, found: Any) -> str:
    """Another address of the network; those of this machine and of private networks stay."""
    text = str(found.group())
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    unnamed = address.is_loopback or address.is_unspecified or address.is_link_local
    digits = sum(map(str.isdigit, text))
    if unnamed or address.is_multicast or (address.version == 4 and digits < 7):
        return text
    if address.is_private and not str(address).startswith(("192.0.2.", "198.51.", "203.0.")):
        return text
    numbers = masker.numbers("address", text)
    if address.version == 6:
        return re.sub("[0-9a-fA-F]", lambda _: "123456789abcdef"[next(numbers) % 15], text)
    head, *parts = text.split(".")
    made = [_part(one, next(numbers)) for one in parts]
    return ".".join([head, *made])


def _part(text: str, number: int) -> str:
    low, high = {1: (1, 9), 2: (10, 99)}.get(len(text), (100, 254))
    return str(low + number % (high - low + 1))


# Whether a text may hold what a pattern finds: a hint is there wherever a match is, in the text or
# in a line of JSON that the text is a part of, and is looked for in a tenth of the time.


def any_of(*parts: str) -> Callable[[str], bool]:
    """Whether one of these is in a text."""
    return lambda text: any(part in text for part in parts)


def like_this(pattern: str) -> Callable[[str], bool]:
    """Whether something in a text looks like this."""
    search = re.compile(pattern).search
    return lambda text: search(text) is not None


PREFIXED = any_of(
    *("AKIA", "ASIA", "AIDA", "AROA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
    *("glpat-", "k_live_", "k_test_", "whsec_", "sk-", "xox", "AIza", "ya29.", "SG.", "npm_"),
    *("pypi-", "hf_", "dop_v1_", "shpat_", "shpca_", "shppa_", "shpss_", "key-", "AC", "SK"),
)
SCHEMES = any_of("bearer ", "basic ", "token ")
NAMES = any_of(
    *("passw", "passphrase", "pwd", "secret", "token", "credential"),
    *("api_key", "api-key", "apikey", "access_key", "access-key", "accesskey", "private_key"),
    *("private-key", "privatekey", "session_id", "session-id", "sessionid"),
)
ANY_CASE = frozenset([SCHEMES, NAMES])
"""Those that are asked about a text in small letters."""
DIGITS = like_this(r"\d[\d ().-]{5,}\d")


class Detector(NamedTuple):
    """A kind of what is known by its form."""

    name: str
    pattern: Pattern[str]
    token_of: Callable[..., str]
    hint: Callable[[str], bool]


DETECTORS = [
    Detector(
        "key",
        re.compile(
            r"(?s)(-----BEGIN [A-Z ]*PRIVATE KEY-----)(.*?)(-----END [A-Z ]*PRIVATE KEY-----|\Z)"
        ),
        pem_token,
        any_of("PRIVATE KEY-----"),
    ),
    Detector(
        "password",
        re.compile(r"(\b[a-zA-Z][a-zA-Z0-9+.-]*://[^\s/:@]*:)([^\s/@]+)(?=@)"),
        value_token,
        any_of("://"),
    ),
    Detector(
        "token",
        re.compile(r"(\beyJ[\w-]{6,}\.(?:eyJ)?)([\w-]{6,}\.[\w-]*)"),
        tail_token,
        any_of("eyJ"),
    ),
    Detector(
        "key",
        re.compile(r"(?<![A-Za-z0-9])(%s)([\w.-]+)" % "|".join(KEY_PREFIXES)),
        tail_token,
        PREFIXED,
    ),
    Detector(
        "token",
        re.compile(
            r"(\b(?i:bearer|basic|token) +)"
            r"((?=[^\s,;\"']*(?:[0-9=._]|[a-z][A-Z]))[\w.~+/=-]{8,})"
        ),
        value_token,
        SCHEMES,
    ),
    Detector(
        "password",
        re.compile(
            r"(?i)(\b%s\\{0,2}[\"']?\s{0,3}[:=]\s{0,3}\\{0,2}[\"']?)([^\s\\\"'&,;<>{}()\[\]]+)"
            % NAMED_SECRET
        ),
        value_token,
        NAMES,
    ),
    Detector(
        "email",
        re.compile(r"(?<![\w.+'-])[\w.+'-]{1,64}(?:@|%40)(?:[^\W_][\w-]{0,62}\.)+[^\W\d_]{2,24}"),
        email_token,
        any_of("@", "%40"),
    ),
    Detector(
        "iban",
        re.compile(
            r"(?i)(?<![A-Z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}"
            r"(?:[ -]?[A-Z0-9]{1,3})?(?![A-Z0-9])"
        ),
        iban_token,
        like_this(r"[A-Za-z]{2}\d{2}[ -]?[A-Za-z0-9]{4}"),
    ),
    Detector("card", re.compile(r"(?<![\w.])\d(?:[ -]?\d){11,18}(?!\w)"), card_token, DIGITS),
    Detector(
        "ssn",
        re.compile(r"(?<![\w-])(?!000|666|9\d\d)\d{3}([ -])(?!00)\d{2}\1(?!0000)\d{4}(?![\w-])"),
        ssn_token,
        DIGITS,
    ),
    Detector(
        "phone",
        re.compile(
            r"(?<![\w.+-])\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d(?:[ .-]?\d){5,12}(?!\w)|"
            r"(?<![\w.-])(?:\+?1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\w-])"
        ),
        phone_token,
        DIGITS,
    ),
    Detector(
        "address",
        re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]*\w)"),
        address_token,
        DIGITS,
    ),
    Detector(
        "address",
        re.compile(
            r"(?<![\w:.])(?:[0-9a-fA-F]{1,4}:){1,7}(?::?[0-9a-fA-F]{1,4})(?::[0-9a-fA-F]{1,4})*(?![\w:])"
        ),
        address_token,
        like_this(r":(?::|[0-9a-fA-F]{1,4}:[0-9a-fA-F]{1,4}:)"),
    ),
    Detector(
        "key",
        re.compile(r"(?<![A-Za-z0-9/+=_-])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=_-])"),
        aws_token,
        like_this(r"[A-Za-z0-9/+]{40}"),
    ),
]  # type: List[Detector]
"""What is known by its form, in the order in which it is looked for."""
KINDS = tuple(sorted({one.name for one in DETECTORS} | {"fields"}))
WHOLE = frozenset(["email", "iban", "card", "ssn", "phone", "address", "key", "token"])
