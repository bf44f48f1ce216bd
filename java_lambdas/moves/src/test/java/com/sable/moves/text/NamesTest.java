package com.sable.moves.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sable.moves.errors.InvalidName;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  @Test
  void aNameIsKeptComposedAndWithoutOuterSpaces() {
    assertEquals("caf\u00e9", Names.canonical("\u00a0\u001ccafe\u0301 \n"));
  }

  @Test
  void lengthIsCountedInCodePoints() {
    String clef = "\ud835\udc00";
    assertEquals(clef.repeat(64), Names.canonical(clef.repeat(64)));
    assertThrows(InvalidName.class, () -> Names.canonical(clef.repeat(65)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "_a", "-a", ".a", "a b", "a/b", "a\u200b", "\u0301a", "q\u0323\u0301"})
  void whatIsNoNameIsRefused(String text) {
    assertThrows(InvalidName.class, () -> Names.canonical(text));
  }

  @Test
  void namesAreOrderedAsTheyAreReadThenAsTheyAreSpelled() {
    List<String> names = List.of("b", "stra\u00dfe", "STRASSE", "\uff21", "a", "A", "strasse");
    assertEquals(
        List.of("A", "a", "\uff21", "b", "STRASSE", "strasse", "stra\u00dfe"),
        names.stream().map(NameKey::of).sorted().map(NameKey::name).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u03a3\u03c3\u03c2", "\u1e9e\u00df", "\u13a0\uab70"})
  void foldingMakesEqualWhatDiffersByCaseOnly(String letters) {
    assertEquals(
        1,
        letters
            .codePoints()
            .mapToObj(Character::toString)
            .map(CaseFolding::fold)
            .distinct()
            .count());
  }

  @Test
  void theDotlessIIsAnotherLetter() {
    assertEquals("\u0131i", CaseFolding.fold("\u0131I"));
  }
}
