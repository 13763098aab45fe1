// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Markdown page of the project: its fenced blocks, links and headings. */
record Page(Path file, String text) {

  /** Where the project lies as seen from this module. */
  static final Path PROJECT = Path.of("..");

  private static final Pattern BLOCK =
      Pattern.compile("^```([a-z]*)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("^#+ (.+)$", Pattern.MULTILINE);
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

  static Page read(String name) {
    return read(PROJECT.resolve(name));
  }

  private static Page read(Path file) {
    try {
      return new Page(file, Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every page that the project keeps, builds left out. */
  static List<Page> all() throws IOException {
    List<Page> pages = new ArrayList<>();
    for (String folder : List.of("", "config", "connectors", "connectors/docs", "gateway")) {
      pages.addAll(in(PROJECT.resolve(folder)));
    }
    pages.addAll(in(PROJECT.resolve("gateway/adr")));
    pages.addAll(in(PROJECT.resolve("load-tests")));
    pages.addAll(in(PROJECT.resolve("docs/operations")));
    return pages;
  }

  private static List<Page> in(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".md")).map(Page::read).toList();
    }
  }

  /** What stands in fenced blocks of a language. */
  List<String> blocks(String language) {
    return BLOCK
        .matcher(text)
        .results()
        .filter(block -> block.group(1).equals(language))
        .map(block -> block.group(2))
        .toList();
  }

  /** The lines of its shell blocks that are commands, in order. */
  List<String> commands() {
    return blocks("sh").stream()
        .flatMap(String::lines)
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .toList();
  }

  /** Targets of its links within the project, as written. */
  List<String> links() {
    return LINK.matcher(BLOCK.matcher(text).replaceAll(""))
        .results()
        .map(link -> link.group(1))
        .filter(link -> !link.contains("://") && !link.startsWith("mailto:"))
        .toList();
  }

  /** Its headings as anchors of links. */
  List<String> anchors() {
    return HEADING
        .matcher(BLOCK.matcher(text).replaceAll(""))
        .results()
        .map(heading -> anchor(heading.group(1)))
        .toList();
  }

  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
  }

  /** The words of a command line; a word may stand in double quotes. */
  static List<String> words(String command) {
    return WORD.matcher(command).results().map(Page::word).toList();
  }

  private static String word(MatchResult found) {
    return found.group(1) != null ? found.group(1) : found.group(2);
  }

  @Override
  public String toString() {
    return PROJECT.relativize(file).toString();
  }
}
