// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What calendars of one file ask for beyond their records: their iCalendar files are read into the
 * tree before it is bound, and their windows and the promises counted on them are looked at.
 */
final class CalendarCheck {
  private static final long MAX_FILE = 4L << 20;
  private static final Duration LONGEST = Duration.ofDays(3650);

  private final java.nio.file.Path folder;
  private final Problems problems;

  /**
   * A check.
   *
   * @param folder where the names of files start
   */
  CalendarCheck(java.nio.file.Path folder, Problems problems) {
    this.folder = folder;
    this.problems = problems;
  }

  /** Adds the dates of {@code ical} files to the holidays and workdays of the tree. */
  void readFiles(JsonNode tree) {
    for (Map.Entry<String, JsonNode> workspace : tree.path("workspaces").properties()) {
      Path path = Path.ROOT.child("workspaces").child(workspace.getKey()).child("calendars");
      for (Map.Entry<String, JsonNode> calendar :
          workspace.getValue().path("calendars").properties()) {
        if (calendar.getValue() instanceof ObjectNode node && node.path("ical").isTextual()) {
          readFile(node, path.child(calendar.getKey()));
        }
      }
    }
  }

  private void readFile(ObjectNode calendar, Path path) {
    FrontdeskConfig.Calendar written = bound(calendar, path);
    if (written == null || written.ical() == null) {
      return;
    }
    Path at = path.child("ical");
    try {
      java.nio.file.Path file = folder.resolve(written.ical());
      if (Files.size(file) > MAX_FILE) {
        throw new IllegalArgumentException("larger than 4 MiB, expected a calendar of holidays");
      }
      IcalDays days = new IcalDays(written.zone(), written.icalWorkdays());
      days.read(Files.readString(file));
      add(calendar, "holidays", days.holidays);
      add(calendar, "workdays", days.workdays);
    } catch (NoSuchFileException e) {
      problems.add(at, "no such file, expected an iCalendar file beside the configuration");
    } catch (IOException e) {
      problems.add(at, "cannot be read (" + e.getClass().getSimpleName() + ")");
    } catch (java.nio.file.InvalidPathException e) {
      problems.add(at, "no name of a file, expected one");
    } catch (IllegalArgumentException e) {
      problems.add(at, String.valueOf(e.getMessage()));
    }
  }

  private static void add(ObjectNode calendar, String key, List<DateRange> dates) {
    ArrayNode all = calendar.arrayNode();
    calendar.path(key).forEach(all::add);
    dates.forEach(range -> all.add(range.toString()));
    calendar.set(key, all);
  }

  /** Looks at what was bound, each calendar and promise for itself. */
  void check(JsonNode tree) {
    for (Map.Entry<String, JsonNode> workspace : tree.path("workspaces").properties()) {
      Path path = Path.ROOT.child("workspaces").child(workspace.getKey());
      Map<String, OpenHours> hours = hours(workspace.getValue().path("calendars"), path);
      for (Map.Entry<String, JsonNode> promise :
          workspace.getValue().path("promises").properties()) {
        Path at = path.child("promises").child(promise.getKey());
        for (String target :
            List.of("firstResponse", "nextResponse", "resolution", "supplier", "followUp")) {
          reachable(promise.getValue(), target, at, hours);
        }
      }
    }
  }

  private Map<String, OpenHours> hours(JsonNode calendars, Path workspace) {
    Map<String, OpenHours> hours = new HashMap<>();
    for (Map.Entry<String, JsonNode> calendar : calendars.properties()) {
      Path path = workspace.child("calendars").child(calendar.getKey());
      FrontdeskConfig.Calendar written = bound(calendar.getValue(), path);
      OpenHours meant = written == null ? null : CalendarReader.read(written, path, problems);
      if (meant != null) {
        hours.put(calendar.getKey(), meant);
      }
    }
    return hours;
  }

  /** The calendar, or null if binding the whole file reports what is wrong with it. */
  private static FrontdeskConfig.@Nullable Calendar bound(JsonNode node, Path path) {
    return new RecordBinder(new Problems()).bind(node, FrontdeskConfig.Calendar.class, path);
  }

  private void reachable(
      JsonNode promise, String key, Path path, Map<String, OpenHours> calendars) {
    TargetTime target = target(promise.path(key));
    if (target == null) {
      return;
    }
    Path at = path.child(key);
    if (!promise.path("calendar").isTextual()) {
      if (target.workingDays() > 0) {
        problems.add(at, "working days need a calendar, expected the key calendar beside it");
      }
      return;
    }
    OpenHours hours = calendars.get(promise.path("calendar").textValue());
    if (hours != null && weeks(target, hours) * 7 > LONGEST.toDays()) {
      problems.add(
          at, "takes more than ten years of its calendar, expected a shorter time or longer hours");
    }
  }

  private static long weeks(TargetTime target, OpenHours hours) {
    return target.workingDays() > 0
        ? target.workingDays() / hours.daysPerWeek()
        : target.time().toMinutes() / hours.minutesPerWeek();
  }

  private static @Nullable TargetTime target(JsonNode node) {
    try {
      return node.isTextual()
          ? (TargetTime) Scalars.read(node.textValue(), TargetTime.class)
          : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
