// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.LoadConfig;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Every operation of the served {@code openapi.yaml} that names something, asked by every role of
 * one workspace for what is another's. In the control they ask for what is theirs.
 */
final class P04OtherTenant extends ProcessRow {

  private static final Pattern PATH = Pattern.compile("^  (/api/v1/\\S*\\{id}\\S*):$");
  private static final Pattern METHOD = Pattern.compile("^    (get|put|post|delete):$");

  P04OtherTenant() {
    super("P-04", "tokens of one workspace x every id of another", "ids of their own workspace", "leaks");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    GatewayProcess gateway =
        rig.gateway(
            "gateway",
            rig.config("gateway")
                .redis(rig.redis().url())
                .workspace(
                    "other",
                    "{ channels: { hook: { connector: webhook, settings: { secret: "
                        + LoadConfig.SECRET
                        + ", sendUrl: 'http://127.0.0.1:9/' } } }, promises: { normal: {"
                        + " firstResponse: 1h } }, defaults: { queue: support, promise: normal },"
                        + " queues: { support: {} }, agents: { olga: { token:"
                        + " other-operator-token-0123456789abc, role: operator }, zoe: { token:"
                        + " other-agent-token-0123456789abcdef, queues: [support] } } }"));
    String there = control ? "/webhooks/load/hook" : "/webhooks/other/hook";
    int opened = rig.send(gateway, there, LoadConfig.SECRET, "theirs", "theirs-0", "a secret");
    found.equal("opened", 200, opened);
    Desk owner =
        control ? rig.operator(gateway) : rig.desk(gateway, "other-operator-token-0123456789abc");
    JsonNode theirs = owner.of("theirs");
    Map<String, List<String>> ids = new LinkedHashMap<>();
    ids.put("conversations", List.of(theirs.path("id").asText()));
    ids.put("customers", List.of(theirs.path("customer").path("id").asText()));
    ids.put("agents", List.of("zoe"));
    ids.put("dead-letters", List.of(theirs.path("id").asText() + ".1"));
    String document = Web.get(rig.http(), gateway.publicUrl().resolve("/openapi.yaml")).body();
    int asked = 0;
    List<String> leaks = new ArrayList<>();
    String customer = "/api/v1/customers/" + ids.get("customers").get(0);
    JsonNode before = Desk.ok(owner.api().get(customer));
    for (String[] operation : operations(document)) {
      if (operation[0].equals("PUT") && operation[1].equals("/api/v1/customers/{id}")) {
        continue; // makes a customer of one's own: its id may be anything
      }
      String kind = operation[1].substring("/api/v1/".length()).split("/", 2)[0];
      for (String id : ids.getOrDefault(kind, List.of())) {
        for (String token :
            List.of(LoadConfig.OPERATOR, LoadConfig.SUPERVISOR, LoadConfig.agentToken(0))) {
          Web.Reply reply = ask(rig, gateway, operation, id, token);
          asked++;
          boolean mayBe = reply.status() == 404 || reply.status() == 403;
          if (!mayBe || reply.body().contains("a secret")) {
            leaks.add(operation[0] + " " + operation[1] + "=" + reply.status());
          }
        }
      }
    }
    found.atLeast("asked", 40, asked);
    found.equal("leaks", 0, leaks.size());
    found.note("which", leaks.subList(0, Math.min(6, leaks.size())));
    if (control) {
      return;
    }
    JsonNode after = owner.of("theirs");
    found.holds("theirCustomerUntouched", before.equals(Desk.ok(owner.api().get(customer))));
    found.equal("theirVersion", theirs.path("version").asLong(), after.path("version").asLong());
  }

  private static Web.Reply ask(
      Rig rig, GatewayProcess gateway, String[] operation, String id, String token) {
    URI address = gateway.publicUrl().resolve(operation[1].replace("{id}", id));
    HttpRequest.BodyPublisher body =
        operation[0].equals("GET")
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(BODIES.getOrDefault(last(operation[1]), "{}"));
    return Web.send(
        rig.http(),
        HttpRequest.newBuilder(address)
            .method(operation[0], body)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", "p04-" + operation[1].hashCode() + token.hashCode())
            .build());
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

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
          Map.entry("resolve", "{\"code\":\"done\"}"),
          Map.entry("{id}", "{\"name\":\"x\",\"identities\":[]}"));

  /** Method and path of every operation with an id. */
  private static List<String[]> operations(String document) {
    List<String[]> all = new ArrayList<>();
    String path = "";
    for (String line : document.lines().toList()) {
      Matcher name = PATH.matcher(line);
      Matcher method = METHOD.matcher(line);
      if (name.matches()) {
        path = name.group(1);
      } else if (line.startsWith("  /")) {
        path = "";
      } else if (method.matches() && !path.isEmpty()) {
        all.add(new String[] {method.group(1).toUpperCase(java.util.Locale.ROOT), path});
      }
    }
    return all;
  }
}
