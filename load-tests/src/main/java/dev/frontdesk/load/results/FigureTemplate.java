// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.results;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How one row of the table of figures is made of a recorded run: which runs, what to find in their
 * lines, and the texts that it is put into.
 *
 * <p>In a text {@code ${name}} is the named group of that name at its first match; {@code
 * ${name:max}} the greatest of all its matches; {@code ${name:,}} a number with commas; {@code
 * ${name:%}} a share in percent.
 *
 * @param command what follows {@code LoadTests } in a run's title, all of it
 * @param lines found in the lines of a run, each at least once; a dot is also an end of line
 * @param figure what it is, in English
 * @param zh the same in Chinese
 * @param value the figures themselves
 * @param control a run that must not be clean
 * @param optional runs without these lines have no such row
 */
record FigureTemplate(
    Pattern command,
    List<Pattern> lines,
    String figure,
    String zh,
    String value,
    boolean control,
    boolean optional) {

  private static final Pattern HOLE = Pattern.compile("\\$\\{(\\w+)(?::([^}]+))?}");
  private static final Pattern GROUP = Pattern.compile("\\(\\?<(\\w+)>");

  FigureTemplate {
    lines = List.copyOf(lines);
  }

  /** Of a scenario, whatever its arguments, by one pattern. */
  static FigureTemplate of(String command, String line, String figure, String zh, String value) {
    return new FigureTemplate(
        Pattern.compile(command), List.of(dotAll(line)), figure, zh, value, false, false);
  }

  /** The same with one more pattern. */
  FigureTemplate and(String line) {
    List<Pattern> more = new ArrayList<>(lines);
    more.add(dotAll(line));
    return new FigureTemplate(command, more, figure, zh, value, control, optional);
  }

  /** The same for a run that has to fail. */
  FigureTemplate asControl() {
    return new FigureTemplate(command, lines, figure, zh, value, true, optional);
  }

  private static Pattern dotAll(String line) {
    return Pattern.compile(line, Pattern.DOTALL);
  }

  /** The same for a line that older runs do not have: they have no such row. */
  FigureTemplate whereTold() {
    return new FigureTemplate(command, lines, figure, zh, value, control, true);
  }

  /** Whether a run is of this kind. */
  boolean fits(Block block) {
    String command = ResultsFile.commandOf(block);
    return command.startsWith(Figures.COMMAND)
        && this.command.matcher(command.substring(Figures.COMMAND.length())).matches()
        && (!optional || lines.stream().allMatch(line -> line.matcher(block.text()).find()));
  }

  /** Whether a run of this kind has to be clean and is not. */
  boolean isSpoilt(Block block) {
    return block.isUnclean() && !control;
  }

  /** A row of the table. */
  record Row(String figure, String zh, String value, String command) {}

  /**
   * The row of a run.
   *
   * @throws IllegalArgumentException naming the pattern that is not in its lines
   */
  Row row(Block block) {
    Map<String, List<String>> found = new LinkedHashMap<>();
    for (Pattern pattern : lines) {
      Matcher matcher = pattern.matcher(block.text());
      int matches = 0;
      for (; matcher.find(); matches++) {
        for (String group : groups(pattern)) {
          Optional.ofNullable(matcher.group(group))
              .ifPresent(
                  value -> found.computeIfAbsent(group, name -> new ArrayList<>()).add(value));
        }
      }
      if (matches == 0) {
        throw new IllegalArgumentException(
            "'" + block.command() + "' has no line with " + pattern.pattern());
      }
    }
    return new Row(
        filled(figure, found),
        filled(zh, found),
        filled(value, found),
        ResultsFile.commandOf(block));
  }

  private static List<String> groups(Pattern pattern) {
    return GROUP.matcher(pattern.pattern()).results().map(group -> group.group(1)).toList();
  }

  private static String filled(String text, Map<String, List<String>> found) {
    return HOLE.matcher(text)
        .replaceAll(
            hole -> {
              List<String> values = found.get(hole.group(1));
              if (values == null) {
                throw new IllegalArgumentException("nothing was found for " + hole.group());
              }
              return Matcher.quoteReplacement(formed(values, hole.group(2)));
            });
  }

  private static String formed(List<String> values, @Nullable String form) {
    String first = values.get(0);
    if (form == null) {
      return first;
    }
    return switch (form) {
      case "," -> String.format(Locale.ROOT, "%,d", Long.parseLong(first));
      case "%" -> String.format(Locale.ROOT, "%.1f %%", 100 * Double.parseDouble(first));
      case "max" ->
          values.stream()
              .reduce(BinaryOperator.maxBy(Comparator.comparingDouble(Double::parseDouble)))
              .orElse(first);
      default -> throw new IllegalArgumentException("no form ':" + form + "'");
    };
  }
}
