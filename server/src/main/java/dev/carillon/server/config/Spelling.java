package dev.carillon.server.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that was probably meant. */
final class Spelling {
  private static final int MAX_LENGTH = 60;

  private Spelling() {}

  /** The nearest of these words, if few of its letters are different. */
  static Optional<String> nearest(String got, Collection<String> words) {
    if (got.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    String plain = got.toLowerCase(Locale.ROOT).replace('-', '_');
    return words.stream()
        .filter(word -> distance(plain, word) <= Math.min(2, word.length() / 2) + word.length() / 8)
        .min(Comparator.comparingInt(word -> distance(plain, word)));
  }

  /** Levenshtein's: how many letters to put in, leave out or replace. */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
