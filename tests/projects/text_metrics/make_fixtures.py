"""Makes the inputs: pairs of words for the metrics, names for the phonetic codes."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

from tests.projects.writing import Groups, write

PAIRS = [
    ("kitten", "sitting"),
    ("flaw", "lawn"),
    ("saturday", "sunday"),
    ("martha", "marhta"),
    ("dwayne", "duane"),
    ("dixon", "dicksonx"),
    ("jellyfish", "smellyfish"),
    ("ca", "abc"),
    ("abcd", "acbd"),
    ("a cat", "an abct"),
    ("hello", "hello"),
    ("Hello", "hello"),
    ("North Avenue", "Nort Av."),
    ("12 Main Street", "Main Street 12"),
    ("ACME Corp", "ACME Corporation"),
    ("jon", "john"),
    ("aaapppp", "aaaaapppp"),
    ("frog", "fog"),
    ("fly", "ant"),
    ("elephant", "hippo"),
    ("hippo", "zzzzzzzz"),
    ("D N H Enterprises Inc", "D & H Enterprises, Inc."),
    ("PENNSYLVANIA", "PENNCISYLVNIA"),
    ("abcvwxyz", "cabvwxyz"),
    ("shackleford", "shackelford"),
    ("jeraldine", "geraldine"),
    ("michelle", "michael"),
    ("julies", "julius"),
    ("itman", "smith"),
    ("niche", "chien"),
    ("restaurant", "restarant"),
    ("accommodate", "acomodate"),
    ("receive", "recieve"),
    ("0123456789", "9876543210"),
    ("aaaa", "aaab"),
    ("abab", "baba"),
]

EDGES = [
    ("", ""),
    ("", "a"),
    ("abc", ""),
    ("a", "a"),
    ("a", "b"),
    ("ab", "ba"),
    (" ", "  "),
    ("caf\u00e9", "cafe"),
    ("caf\u00e9", "cafe\u0301"),
    ("\u00df", "ss"),
    ("\u0130", "i"),
    ("\U0001f600", "\U0001f601"),
    ("\U0001f600", ""),
    ("\U0001f600\U0001f601", "\U0001f601\U0001f600"),
    ("a\U0001f600b", "ab"),
    ("\U0001d538\U0001d539", "AB"),
    ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f468\u200d\U0001f467"),
    ("\U0001f1e8\U0001f1ed", "\U0001f1eb\U0001f1f7"),
    ("\u65e5\u672c\u8a9e", "\u65e5\u672c"),
    ("\ud55c\uad6d\uc5b4", "\u1112\u1161\u11ab\uad6d\uc5b4"),
    ("\u0645\u0631\u062d\u0628\u0627", "\u0645\u0631\u062d\u0628"),
    ("\ufeffabc", "abc"),
    ("abc\x00", "abc"),
    ("tab\t", "tab "),
    ("x" * 300, "x" * 299 + "y"),
    ("ab" * 150, "ba" * 150),
    ("\U0001f600" * 40, "\U0001f601" * 40),
]

NAMES_TEXT = """
Robert Rupert Rubin Ashcraft Ashcroft Tymczak Pfister Honeyman Lloyd Lee Gutierrez Jackson
Washington VanDeusen Smith Schmidt Smythe Schmit Snyder Thompson Thomson Knight Night Wright
Right Phillip Filip Xavier Zavier Czar Tsar Catherine Kathryn Katherine Caren Karen Bryan Brian
Stephen Steven Geoffrey Jeffrey Wheeler Whyte Hough Huff Baugh Pugh McDonald MacDonald Mackie
Mcgowan Quigley Kwigley Diggell Dickens Eberhardt Aaron Erin Oconnor Wojciechowski Nguyen Wang
Ng Li Abcde Judge Edge Bridge Ridge School Character Chaos Chianti Science Scissors Which Witch
Gnome Gnat Psalm Pneumonia Aeon Thumb Dumb Lamb Bomber Comb Night Though Enough Laughter
Daughter Vision Nation Action Cyclops Success Accident Box Xylophone Zebra Yellow Why Hannah
Ahmed Ohm Rhythm Wrack Whole Who Kowalski Schwartz Shwarz Bertram Montgomery Brown Braun Browne
Worthy Watkins Willis Catherine Bonham Leighton Haddix Philbert Trueman Bart Hart Deutsch
Westphal Mitchell Rogers Peterson
"""
NAMES = NAMES_TEXT.split()

HEADS = "b c ch d f g gh h j k kn l m n p ph qu r s sch sh t th v w wh x y z"
VOWELS = "a e i o u ai ea ee ou y"

ODD_NAMES = [
    "",
    " ",
    "A",
    "z",
    "H",
    "W",
    "aa",
    "hw",
    "O'Connor",
    "van der Berg",
    "Smith-Jones",
    "M\u00fcller",
    "Jos\u00e9",
    "\u00c5ngstr\u00f6m",
    "\u00d8rsted",
    "Nu\u00f1ez",
    "\u00df",
    "stra\u00dfe",
    "\u0141ukasz",
    "\u738b",
    "\u0418\u0432\u0430\u043d",
    "\U0001f600",
    "Bob\U0001f600",
    "Smith3",
    "3rd",
    "SMITH",
    "smith",
    "sMiTh",
    "Smith ",
    " Smith",
    "Sm ith",
    "Mr. Smith",
    "e\u0301mile",
    "\u00e9mile",
    "aeiou",
    "bcdfg",
    "sschwww",
    "mmmmm",
    "x" * 100,
    "bdklrmnt" * 20,
]


def units() -> dict[str, Groups]:
    """The inputs of all units of the map."""
    pairs: Groups = {
        "listed": [list(pair) for pair in PAIRS],
        "edge": [list(pair) for pair in EDGES],
        "random": random_pairs(50),
    }
    names: Groups = {
        "name": [[name] for name in NAMES],
        "odd": [[name] for name in ODD_NAMES],
        "random": random_names(40),
    }
    same_length = [[a[:n], b[:n]] for a, b in PAIRS if (n := min(len(a), len(b)))]
    cut = [[*pair, limit] for pair in PAIRS for limit in (0, 2, 5)]
    edge_cut = [[*pair, limit] for pair in EDGES[:24] for limit in (0, 1, 3)]
    rhymes = [[a, b] for a, b in itertools.pairwise(NAMES)]
    odd_rhymes = [[a, b] for a, b in itertools.pairwise(ODD_NAMES)]
    return {
        "jellyfish:levenshtein_distance": pairs,
        "jellyfish:damerau_levenshtein_distance": pairs,
        "jellyfish:hamming_distance": {"same_length": same_length, **pairs},
        "jellyfish:jaro_winkler_similarity": pairs,
        "rapidfuzz.distance.LCSseq:similarity": pairs,
        "rapidfuzz.distance.Hamming:distance": {"same_length": same_length, **pairs},
        "rapidfuzz.distance.JaroWinkler:similarity": pairs,
        "hamming.same_length": {"same_length": same_length, **pairs},
        "levenshtein.up_to": {"cut": cut, "edge": edge_cut},
        "levenshtein.operations": pairs,
        "jaccard.characters": pairs,
        "jellyfish:soundex": names,
        "jellyfish:metaphone": names,
        "jellyfish:nysiis": names,
        "jellyfish:match_rating_codex": names,
        "jellyfish:match_rating_comparison": {"names": rhymes, "odd": odd_rhymes},
    }


def random_pairs(count: int) -> list[list[str]]:
    """A word, and what a few slips of the hand make of it."""
    rng = random.Random(1965)
    alphabets = ["abcd", "abcdefghijklmnopqrstuvwxyz", "ab\U0001f600\U0001f601c\u00e9"]
    made = []
    for number in range(count):
        letters = alphabets[number % 3]
        word = [rng.choice(letters) for _ in range(rng.randint(1, 16))]
        other = list(word)
        for _ in range(rng.randint(0, 4)):
            place = rng.randrange(len(other) + 1)
            match rng.randrange(4):
                case 0:
                    other.insert(place, rng.choice(letters))
                case 1:
                    del other[place : place + 1]
                case 2:
                    other[place : place + 1] = [rng.choice(letters)]
                case _:
                    other[place : place + 2] = reversed(other[place : place + 2])
        made.append(["".join(word), "".join(other)])
    return made


def random_names(count: int) -> list[list[str]]:
    """Syllables put together."""
    rng = random.Random(1918)
    heads, vowels = HEADS.split(), VOWELS.split()
    tails = ["", "", "n", "r", "s", "ck", "ght", "mb", "tch", "dge", "ll", "rt", "x"]
    made = []
    for _ in range(count):
        parts = rng.randint(1, 3)
        name = "".join(
            rng.choice(heads) + rng.choice(vowels) + rng.choice(tails) for _ in range(parts)
        )
        made.append([name.capitalize()])
    return made


if __name__ == "__main__":
    write(Path(__file__).parent / "fixtures", units())
