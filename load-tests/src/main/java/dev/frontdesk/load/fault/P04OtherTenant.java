// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.LoadConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Every operation of the served {@code openapi.yaml}, asked by every role of one workspace: those
 * that name something for what is another's, the others for all they list. What a role may do is
 * answered 404, what it may not 403. In the control they ask for what is theirs.
 */
final class P04OtherTenant extends ProcessRow {

  private static final String OTHERS_OPERATOR = "other-operator-token-0123456789abc";
  private static final String OTHERS_AGENT = "other-agent-token-0123456789abcdef";
  private static final String STREAM = "/api/v1/events";

  private static final Map<String, String> ROLES =
      Map.of(
          LoadConfig.OPERATOR,
          "operator",
          LoadConfig.SUPERVISOR,
          "supervisor",
          LoadConfig.agentToken(0),
          "agent");

  P04OtherTenant() {
    super(
        "P-04",
        "tokens of one workspace x every id of another",
        "ids of their own workspace",
        "leaks",
        "listed",
        "nothingStreamed");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) throws IOException {
    String outbox = "outbox: { maxAttempts: 1 }";
    GatewayProcess gateway =
        rig.gateway(
            "gateway",
            rig.config("gateway")
                .redis(rig.redis().url())
                .line(outbox)
                .workspace("other", other(outbox)));
    try (Socket stream = listen(gateway)) {
      Desk owner = control ? rig.operator(gateway) : rig.desk(gateway, OTHERS_OPERATOR);
      Desk agent = control ? rig.agent(gateway, 1) : rig.desk(gateway, OTHERS_AGENT);
      String there = control ? "/webhooks/load/hook" : "/webhooks/other/hook";
      int opened = rig.send(gateway, there, LoadConfig.SECRET, "theirs", "theirs-0", "a secret");
      found.equal("opened", 200, opened);
      Theirs theirs = Theirs.made(rig, owner, agent, control ? "a1" : "zoe");
      String document = Web.get(rig.http(), gateway.publicUrl().resolve("/openapi.yaml")).body();
      List<ApiOperation> operations = ApiOperation.of(document);
      List<String> unknown =
          operations.stream().map(theirs::unknown).filter(kind -> !kind.isEmpty()).toList();
      found.equal("unknownKinds", "[]", unknown.toString());
      JsonNode customer = theirs.seen("/api/v1/customers/" + theirs.customer());
      JsonNode conversation = theirs.seen("/api/v1/conversations/" + theirs.conversation());
      JsonNode letters = theirs.seen("/api/v1/dead-letters");
      List<String> leaks = new ArrayList<>();
      List<String> listed = new ArrayList<>();
      int asked = 0;
      for (ApiOperation operation : operations) {
        for (Map.Entry<String, String> role : ROLES.entrySet()) {
          if (operation.names()) {
            leaks.addAll(leak(rig, gateway, operation, theirs, role));
            asked++;
          } else if (operation.method().equals("GET") && !operation.path().equals(STREAM)) {
            listed.addAll(listed(rig, gateway, operation, theirs, role));
          }
        }
      }
      found.atLeast("asked", 60, asked);
      tell(found, "leaks", leaks);
      tell(found, "listed", listed);
      String heard = heard(stream);
      found.holds("streamOpen", heard.startsWith("HTTP/1.1 200"));
      found.holds("nothingStreamed", !theirs.isIn(heard));
      if (control) {
        return;
      }
      found.holds(
          "theirsUntouched",
          customer.equals(theirs.seen("/api/v1/customers/" + theirs.customer()))
              && conversation.equals(theirs.seen("/api/v1/conversations/" + theirs.conversation()))
              && letters.equals(theirs.seen("/api/v1/dead-letters")));
      rig.desk(gateway, OTHERS_AGENT).available();
    }
  }

  private static void tell(Findings found, String name, List<String> which) {
    found.equal(name, 0, which.size());
    if (!which.isEmpty()) {
      found.note("which", which.subList(0, Math.min(6, which.size())));
    }
  }

  private static String other(String outbox) {
    return "{ channels: { hook: { connector: webhook, settings: { secret: "
        + LoadConfig.SECRET
        + ", sendUrl: 'http://127.0.0.1:9/' } } }, "
        + outbox
        + ", promises: { normal: { firstResponse: 1h } },"
        + " defaults: { queue: support, promise: normal }, queues: { support: {} },"
        + " agents: { olga: { token: "
        + OTHERS_OPERATOR
        + ", role: operator }, zoe: { token: "
        + OTHERS_AGENT
        + ", queues: [support] } } }";
  }

  /** What is wrong with the answer; empty: nothing. */
  private static List<String> leak(
      Rig rig,
      GatewayProcess gateway,
      ApiOperation operation,
      Theirs theirs,
      Map.Entry<String, String> role) {
    String path = operation.path().replace("{id}", theirs.id(operation));
    Web.Reply reply = ask(rig, gateway, operation, path, role.getKey());
    int expected = operation.allows(role.getValue()) ? 404 : 403;
    return reply.status() == expected && !reply.body().contains("a secret")
        ? List.of()
        : List.of(role.getValue() + " " + operation + "=" + reply.status());
  }

  private static List<String> listed(
      Rig rig,
      GatewayProcess gateway,
      ApiOperation operation,
      Theirs theirs,
      Map.Entry<String, String> role) {
    List<String> found = new ArrayList<>();
    List<String> queries =
        switch (operation.path()) {
          case "/api/v1/conversations" ->
              List.of("", "?customer=" + theirs.customer(), "?agent=" + theirs.agent());
          case "/api/v1/agent/conversations" -> List.of("?wait=0");
          case "/api/v1/reports/first-response" -> List.of("", "?by=agent");
          default -> List.of("");
        };
    for (String query : queries) {
      Web.Reply reply = ask(rig, gateway, operation, operation.path() + query, role.getKey());
      int expected = operation.allows(role.getValue()) ? 200 : 403;
      if (reply.status() != expected || theirs.isIn(reply.body())) {
        found.add(role.getValue() + " " + operation + query + "=" + reply.status());
      }
    }
    return found;
  }

  private static Web.Reply ask(
      Rig rig, GatewayProcess gateway, ApiOperation operation, String path, String token) {
    URI address = gateway.publicUrl().resolve(path);
    HttpRequest.BodyPublisher body =
        operation.method().equals("GET")
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(operation.body());
    return Web.send(
        rig.http(),
        HttpRequest.newBuilder(address)
            .timeout(Duration.ofSeconds(20))
            .method(operation.method(), body)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", "p04-" + operation.path().hashCode() + token.hashCode())
            .build());
  }

  /** Listens to what happens in the first workspace, as its supervisor. */
  private static Socket listen(GatewayProcess gateway) throws IOException {
    Socket socket = new Socket(gateway.publicUrl().getHost(), gateway.publicUrl().getPort());
    socket.setSoTimeout(1_500);
    String request = "GET " + STREAM + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ";
    socket
        .getOutputStream()
        .write((request + LoadConfig.SUPERVISOR + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  /** All that came until it was quiet for a while. */
  private static String heard(Socket stream) throws IOException {
    StringBuilder heard = new StringBuilder();
    InputStream in = stream.getInputStream();
    byte[] some = new byte[8_192];
    try {
      for (int read = in.read(some); read > 0; read = in.read(some)) {
        heard.append(new String(some, 0, read, StandardCharsets.UTF_8));
      }
    } catch (SocketTimeoutException quiet) {
      return heard.toString();
    }
    throw new IOException("the stream ended: " + heard);
  }
}
