// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one configuration file: environment, YAML, records, names. Either everything is usable or
 * one exception tells every problem, each with its path. Stateless and thread-safe; blocks on the
 * file, so not for an event loop.
 */
public final class ConfigLoader {

  private final Map<String, String> environment;
  private final SettingsTypes connectors;
  private final RuleCheck rules;

  /**
   * A loader for a gateway with these connectors.
   *
   * @param environment the variables that {@code ${NAME}} may name
   */
  public ConfigLoader(Map<String, String> environment, SettingsTypes connectors, RuleCheck rules) {
    this.environment = Map.copyOf(environment);
    this.connectors = connectors;
    this.rules = rules;
  }

  /** Loads without looking into triage conditions. */
  public static LoadedConfig load(
      java.nio.file.Path file, Map<String, String> environment, SettingsTypes connectors) {
    return new ConfigLoader(environment, connectors, RuleCheck.none()).load(file);
  }

  /**
   * Loads a file.
   *
   * @throws InvalidConfigurationException with every problem
   */
  public LoadedConfig load(java.nio.file.Path file) {
    java.nio.file.Path folder = file.toAbsolutePath().getParent();
    return parse(text(file), folder == null ? HERE : folder);
  }

  /**
   * Loads a text; files it names are looked for where the process works.
   *
   * @throws InvalidConfigurationException with every problem
   */
  public LoadedConfig parse(String yaml) {
    return parse(yaml, HERE);
  }

  private LoadedConfig parse(String yaml, java.nio.file.Path folder) {
    Problems problems = new Problems();
    JsonNode tree = new YamlTree(environment, problems).read(yaml);
    if (tree.isMissingNode()) {
      problems.refuse();
    }
    CalendarCheck calendars = new CalendarCheck(folder, problems);
    calendars.readFiles(tree);
    RecordBinder binder = new RecordBinder(problems);
    FrontdeskConfig config = binder.bind(tree, FrontdeskConfig.class, Path.ROOT);
    Map<String, Map<String, Record>> settings = settings(tree, binder, problems);
    calendars.check(tree);
    new EscalationCheck(problems).check(tree);
    new CapacityCheck(problems).check(tree);
    new CrossReferences(tree, problems, rules).check(binder.references());
    problems.refuse();
    return new LoadedConfig(java.util.Objects.requireNonNull(config), settings);
  }

  private static String text(java.nio.file.Path file) {
    Problems problems = new Problems();
    Path path = new Path(null, "").child(String.valueOf(file));
    try {
      if (Files.size(file) <= 4L * YamlTree.MAX_CHARS) {
        return Files.readString(file);
      }
      problems.add(path, "larger than 4 MiB, expected a configuration file");
    } catch (NoSuchFileException e) {
      problems.add(path, "no such file, expected one; ./frontdesk init writes a first one");
    } catch (CharacterCodingException e) {
      problems.add(path, "not UTF-8, expected UTF-8");
    } catch (IOException e) {
      problems.add(path, "cannot be read (" + e.getClass().getSimpleName() + ")");
    }
    problems.refuse();
    throw new IllegalStateException("unreachable");
  }

  private Map<String, Map<String, Record>> settings(
      JsonNode tree, RecordBinder binder, Problems problems) {
    Map<String, Map<String, Record>> byWorkspace = new LinkedHashMap<>();
    Path workspaces = Path.ROOT.child("workspaces");
    for (Map.Entry<String, JsonNode> workspace : tree.path("workspaces").properties()) {
      Map<String, Record> byChannel = new LinkedHashMap<>();
      Path channels = workspaces.child(workspace.getKey()).child("channels");
      for (Map.Entry<String, JsonNode> channel :
          workspace.getValue().path("channels").properties()) {
        Path path = channels.child(channel.getKey());
        Record bound = channel(channel.getValue(), path, binder, problems);
        if (bound != null) {
          byChannel.put(channel.getKey(), bound);
        }
      }
      byWorkspace.put(workspace.getKey(), byChannel);
    }
    return byWorkspace;
  }

  private @Nullable Record channel(
      JsonNode channel, Path path, RecordBinder binder, Problems problems) {
    JsonNode name = channel.path("connector");
    if (!name.isTextual()) {
      return null;
    }
    Class<? extends Record> type = connectors.find(name.textValue());
    if (type == null) {
      problems.add(path.child("connector"), LaterConnectors.refusal(name, connectors.names()));
      return null;
    }
    JsonNode settings = channel.path("settings");
    boolean absent = settings.isMissingNode() || settings.isNull();
    return binder.bind(absent ? EMPTY : settings, type, path.child("settings"));
  }

  private static final java.nio.file.Path HERE = java.nio.file.Path.of("");

  private static final JsonNode EMPTY =
      com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode();
}
