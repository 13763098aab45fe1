// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.RuntimeJsonMappingException;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A CSV file with named columns, read row by row; columns may stand in any order, others are passed
 * over. Used from one thread; blocks on the file.
 */
final class Table {

  private static final CsvMapper MAPPER =
      CsvMapper.builder()
          .enable(CsvParser.Feature.WRAP_AS_ARRAY)
          .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
          .enable(CsvParser.Feature.TRIM_SPACES)
          .build();

  /** What people and spreadsheets write; Java would also read {@code 1d} and {@code 0x1p3}. */
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,3})?");

  /** The largest time in a file: a century, in seconds. */
  private static final double MOST_SECONDS = 3_155_760_000.0;

  private final String file;
  private final List<String> columns;
  private final int[] places;
  private String[] row = new String[0];
  private int width;

  /** Where the last row ended. */
  private long line;

  private Table(String file, List<String> columns) {
    this.file = file;
    this.columns = columns;
    this.places = new int[columns.size()];
  }

  /** Takes one row of a table that stands on it. */
  interface RowReader {
    void read(Table row) throws FileProblem;
  }

  /**
   * Reads all rows.
   *
   * @throws FileProblem at the first thing that is not as expected
   */
  static void read(Path path, List<String> columns, RowReader reader) throws IOException {
    if (Files.isDirectory(path)) {
      throw new FileProblem(path + ": not a file, expected a CSV file");
    }
    Table table = new Table(String.valueOf(path.getFileName()), columns);
    try (InputStream in = Files.newInputStream(path);
        MappingIterator<String[]> rows = MAPPER.readerFor(String[].class).readValues(in)) {
      table.header(rows.hasNextValue() ? rows.nextValue() : new String[0]);
      table.line = line(rows.getCurrentLocation());
      while (rows.hasNextValue()) {
        table.row = rows.nextValue();
        table.line = line(rows.getCurrentLocation());
        table.width();
        reader.read(table);
      }
    } catch (NoSuchFileException e) {
      throw new FileProblem(path + ": no such file, expected a CSV file");
    } catch (JsonProcessingException e) {
      throw table.notCsv(e.getLocation());
    } catch (RuntimeJsonMappingException e) {
      throw table.notCsv(
          e.getCause() instanceof JsonProcessingException cause ? cause.getLocation() : null);
    }
  }

  /** The parser stands behind the row: on the next line, unless the last one has no end. */
  private static long line(JsonLocation behind) {
    return behind.getColumnNr() <= 1 ? behind.getLineNr() - 1L : behind.getLineNr();
  }

  /**
   * A quote that nobody closes is found at the end of the file: the row begins where it matters.
   */
  private FileProblem notCsv(@Nullable JsonLocation at) {
    long begins = line + 1;
    boolean onward = at != null && at.getLineNr() > begins;
    return new FileProblem(
        file
            + " line "
            + begins
            + (onward ? " and on" : "")
            + ": not CSV, expected rows of text in UTF-8, quotes in pairs around a field");
  }

  /** A row with a field too many has a comma too many: a decimal one, or one without quotes. */
  private void width() throws FileProblem {
    if (row.length > width) {
      throw new FileProblem(
          file + " line " + line + ": " + row.length + " fields, expected " + width);
    }
  }

  private void header(String[] names) throws FileProblem {
    List<String> found = List.of(names);
    width = found.size();
    for (int i = 0; i < places.length; i++) {
      places[i] = found.indexOf(columns.get(i));
      if (places[i] != found.lastIndexOf(columns.get(i))) {
        throw new FileProblem(
            file + " line 1: column " + columns.get(i) + " stands twice, expected once");
      }
      if (places[i] < 0) {
        throw new FileProblem(
            file
                + " line 1: column "
                + columns.get(i)
                + " is missing, expected "
                + String.join(",", columns));
      }
    }
  }

  /** What stands there; an empty text when the row is too short. */
  String text(int column) {
    return places[column] < row.length ? row[places[column]] : "";
  }

  String name(int column) throws FileProblem {
    String text = text(column);
    if (text.isEmpty()) {
      throw problem(column, "a name");
    }
    return text;
  }

  /** Seconds as milliseconds, rounded. */
  long millis(int column) throws FileProblem {
    double seconds = number(column, "seconds, 0 or more");
    if (!(seconds >= 0 && seconds <= MOST_SECONDS)) {
      throw problem(column, "seconds, 0 or more");
    }
    return Math.round(seconds * 1000);
  }

  double positive(int column, String expected) throws FileProblem {
    double number = number(column, expected);
    if (!(number > 0 && number <= MOST_SECONDS)) {
      throw problem(column, expected);
    }
    return number;
  }

  int whole(int column, int least, int most) throws FileProblem {
    String expected = "a whole number, " + least + " to " + most;
    try {
      int number = Integer.parseInt(text(column));
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw problem(column, expected);
    }
    throw problem(column, expected);
  }

  /** {@code refunds:2;vip}: a skill without a level needs level 1. */
  Map<String, Integer> skills(int column) throws FileProblem {
    String text = text(column);
    if (text.isEmpty()) {
      return Map.of();
    }
    Map<String, Integer> skills = new TreeMap<>();
    for (String one : text.split(";", -1)) {
      int colon = one.indexOf(':');
      String name = (colon < 0 ? one : one.substring(0, colon)).strip();
      String level = colon < 0 ? "1" : one.substring(colon + 1).strip();
      if (!name.matches("[^|,:;]+") || !level.matches("[1-9]|10")) {
        throw problem(column, "skills such as refunds:2;vip:1 with levels 1 to 10");
      }
      if (skills.put(name, Integer.valueOf(level)) != null) {
        throw problem(column, "each skill once");
      }
    }
    return skills;
  }

  FileProblem problem(int column, String expected) {
    String found = text(column).replaceAll("\\p{Cntrl}", "?");
    String shown = found.length() > 40 ? found.substring(0, 40) + "…" : found;
    return new FileProblem(
        file
            + " line "
            + line
            + ", column "
            + columns.get(column)
            + ": found \""
            + shown
            + "\", expected "
            + expected);
  }

  private double number(int column, String expected) throws FileProblem {
    String text = text(column);
    if (!NUMBER.matcher(text).matches()) {
      throw problem(column, expected);
    }
    return Double.parseDouble(text);
  }
}
