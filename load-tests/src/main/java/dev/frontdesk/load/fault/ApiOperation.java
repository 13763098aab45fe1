// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An operation of the API as {@code openapi.yaml} describes it. Read line by line: the document is
 * ours, its layout is that of the operations, and no library for it is in the project.
 *
 * @param tag whose it is
 */
record ApiOperation(String method, String path, String tag) {

  private static final Pattern PATH = Pattern.compile("^  (/\\S*):$");
  private static final Pattern METHOD = Pattern.compile("^    (get|put|post|delete|patch):$");
  private static final Pattern TAG = Pattern.compile("^      tags: \\[(\\w+)]$");

  /** Bodies that are well-formed, so that it is the id that is refused. */
  private static final Map<String, String> BODIES =
      Map.ofEntries(
          Map.entry("accept", "{\"offer\":\"o1\"}"),
          Map.entry("decline", "{\"offer\":\"o1\"}"),
          Map.entry("messages", "{\"text\":\"hello\",\"epoch\":1}"),
          Map.entry("notes", "{\"text\":\"hello\"}"),
          Map.entry("transfer", "{\"queue\":\"support\"}"),
          Map.entry("assign", "{\"agent\":\"a0\"}"),
          Map.entry("promise", "{\"promise\":\"normal\"}"),
          Map.entry("pause", "{\"on\":\"customer\"}"),
          Map.entry("resolve", "{\"code\":\"done\"}"));

  /**
   * Those below {@code /api/v1/}, in the order of the document. Without {@code PUT} of a customer,
   * who is one's own under any id.
   */
  static List<ApiOperation> of(String document) {
    List<ApiOperation> all = new ArrayList<>();
    String path = "";
    String verb = "";
    for (String line : document.lines().toList()) {
      Matcher name = PATH.matcher(line);
      Matcher method = METHOD.matcher(line);
      Matcher tag = TAG.matcher(line);
      if (name.matches()) {
        path = name.group(1);
      } else if (method.matches()) {
        verb = method.group(1).toUpperCase(Locale.ROOT);
      } else if (tag.matches() && path.startsWith("/api/v1/")) {
        all.add(new ApiOperation(verb, path, tag.group(1)));
      }
    }
    all.remove(new ApiOperation("PUT", "/api/v1/customers/{id}", "operators"));
    return all;
  }

  /** Whether its path names something. */
  boolean names() {
    return path.contains("{");
  }

  /** What its path names: {@code conversations}; empty where the path is of another form. */
  String kind() {
    String[] parts = path.split("/", -1);
    boolean known =
        parts.length > 4 && parts[4].equals("{id}") && path.indexOf('{') == path.lastIndexOf('{');
    return known ? parts[3] : "";
  }

  /**
   * Whether the contract lets a role do it: {@code agent}, {@code supervisor}, {@code operator}.
   */
  boolean allows(String role) {
    return switch (tag) {
      case "operators" -> role.equals("operator");
      case "supervisors" ->
          role.equals("supervisor")
              || (role.equals("operator") && method.equals("GET") && !path.endsWith("/events"));
      case "agents" -> !role.equals("operator");
      case "conversations" -> !role.equals("operator") || method.equals("GET");
      default -> throw new IllegalStateException("whose is " + this);
    };
  }

  String body() {
    return BODIES.getOrDefault(path.substring(path.lastIndexOf('/') + 1), "{}");
  }

  @Override
  public String toString() {
    return method + " " + path;
  }
}
