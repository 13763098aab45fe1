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

  /** The largest time in a file: a century, in seconds. */
  private static final double MOST_SECONDS = 3_155_760_000.0;

  private final String file;
  private final List<String> columns;
  private final int[] places;
  private String[] row = new String[0];
  private long line = 1;

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
    Table table = new Table(String.valueOf(path.getFileName()), columns);
    try (InputStream in = Files.newInputStream(path);
        MappingIterator<String[]> rows = MAPPER.readerFor(String[].class).readValues(in)) {
      table.header(rows.hasNextValue() ? rows.nextValue() : new String[0]);
      while (rows.hasNextValue()) {
        table.row = rows.nextValue();
        table.line = line(rows.getCurrentLocation());
        reader.read(table);
      }
    } catch (NoSuchFileException e) {
      throw new FileProblem(path + ": no such file, expected a CSV file");
    } catch (RuntimeJsonMappingException | JsonProcessingException e) {
      throw new FileProblem(table.file + " after line " + table.line + ": not CSV");
    }
  }

  /** The parser stands behind the row: on the next line, unless the last one has no end. */
  private static long line(JsonLocation behind) {
    return behind.getColumnNr() <= 1 ? behind.getLineNr() - 1L : behind.getLineNr();
  }

  private void header(String[] names) throws FileProblem {
    List<String> found = List.of(names);
    for (int i = 0; i < places.length; i++) {
      places[i] = found.indexOf(columns.get(i));
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
      skills.put(name, Integer.valueOf(level));
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
    try {
      return Double.parseDouble(text(column));
    } catch (NumberFormatException e) {
      throw problem(column, expected);
    }
  }
}
